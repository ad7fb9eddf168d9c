import { z } from "zod";
import { parseVaultId } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import { OperationError } from "../operationError";
import { readHeldRights } from "../rights/heldRights";
import type { Need } from "../rights/need";
import { requestNeeds } from "../rights/providerNeeds";
import { checkRights, ownableObjects } from "../rights/rightsCheck";
import { rightsFor } from "../rights/rightsReport";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle } from "./preflightReport";

const anything = z.looseObject({});

/** Rights that the deploying identity lacks for what the next update sends, and for nothing else. */
export async function rightObstacles(
  parts: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const { cloud, declaration, identity, subscriptionId } = parts;
  const all: readonly Need[] = changing
    .flatMap((client) => requestNeeds(client.requests, client))
    .filter(({ scope }) => !isVaultElsewhere(scope, subscriptionId));
  const missingScopes = await findMissingScopes(parts, all);
  const needs = all.filter(({ scope }) => scope === undefined || !missingScopes.includes(scope));
  if (needs.length === 0) return { obstacles: missingScopes.flatMap(missingScope) };
  const needed = rightsFor("deploy", needs, declaration, "strict");
  const touched = changing.filter(({ requests }) => requests.some(({ type }) => type.startsWith("azuread:")));
  try {
    const held = await readHeldRights(
      cloud,
      identity,
      needed.azure.map(({ scope }) => scope),
      ownableObjects({ clients: touched }),
    );
    const { missing, unknown } = checkRights(identity, held, needed, needs);
    return {
      obstacles: [
        ...missingScopes.flatMap(missingScope),
        ...missing.map((right) => ({
          kind: "missing-right" as const,
          client: null,
          path: "identity",
          detail: `it lacks a right. ${right}`,
          cure: [
            "Have it granted; this prints the commands:",
            `  npx dicom-ops rights --stack ${declaration.stack} --for deploy --format commands`,
          ],
        })),
      ],
      unread: unknown.map((one) => ({ what: one, cure: "Look at the role assignment's condition." })),
    };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const { cause = "", cure = "" } = error.explanation;
    return { unread: [{ what: `${error.message} ${cause.replaceAll("\n", "; ")}`.trim(), cure }] };
  }
}

/** A key vault that the provider cannot reach is an obstacle of its own; nobody needs a right there. */
function isVaultElsewhere(scope: string | undefined, subscriptionId: string | undefined): boolean {
  const target = scope === undefined ? undefined : parseVaultId(scope);
  return (
    target !== undefined &&
    subscriptionId !== undefined &&
    target.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase()
  );
}

/** Where the update would give or write something, and nothing is. */
async function findMissingScopes(
  { reader, identity }: PreflightParts,
  needs: readonly Need[],
): Promise<readonly string[]> {
  const scopes = [...new Set(needs.flatMap(({ scope }) => scope ?? []))];
  const found = await Promise.all(
    scopes.map(async (scope) => {
      const listing = await reader.oneIfThere(calls.roleAssignmentsOfPrincipal, anything, null, {
        scope,
        principalId: identity,
      });
      return listing?.value === "absent" ? [scope] : [];
    }),
  );
  return found.flat();
}

/** A key vault that is missing is told where it is configured. */
function missingScope(scope: string): readonly Obstacle[] {
  return /\/Microsoft\.KeyVault\//i.test(scope)
    ? []
    : [
        {
          kind: "scope-missing",
          client: null,
          path: "access",
          detail: `there is no ${scope}.`,
          cure: [
            "To list the existing DICOM services:",
            '  az resource list --resource-type Microsoft.HealthcareApis/workspaces/dicomservices --query "[].id"',
          ],
        },
      ];
}
