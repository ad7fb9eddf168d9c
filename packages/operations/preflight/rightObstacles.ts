import { OperationError } from "../operationError";
import { readHeldRights } from "../rights/heldRights";
import type { Need } from "../rights/need";
import { requestNeeds } from "../rights/providerNeeds";
import { checkRights, ownableObjects } from "../rights/rightsCheck";
import { rightsFor } from "../rights/rightsReport";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflight";

/** Rights that the deploying identity lacks for what the next update sends, and for nothing else. */
export async function rightObstacles(
  { cloud, declaration, identity }: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const needs: readonly Need[] = changing.flatMap(({ config, deployed, requests }) =>
    requestNeeds(requests, { config, deployed }),
  );
  if (needs.length === 0) return {};
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
      obstacles: missing.map((right) => ({
        kind: "missing-right" as const,
        client: null,
        path: "identity",
        detail: `it lacks a right. ${right}`,
        cure: [
          "Have it given; this writes the commands:",
          `  dicom-ops rights --stack ${declaration.stack} --for deploy --format commands`,
        ],
      })),
      unread: unknown.map((one) => ({ what: one, cure: "Look at the role assignment's condition." })),
    };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const { cause = error.message, cure = "" } = error.explanation;
    return { unread: [{ what: `${error.message} ${cause}`, cure }] };
  }
}
