import { z } from "zod";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { CoverageLog } from "../cloud/coverage";
import { explainGaps } from "../cloud/gapExplanation";
import { LiveReader } from "../cloud/liveReader";
import { definitionAt } from "../cloud/roleDefinitionId";
import { OperationError } from "../operationError";
import { graphClientId, graphPermissions } from "./graphPermission";
import type { IdentityRights, NeededRole } from "./rightsReport";

/** What an identity lacks, and what it has too much. */
export interface RightsCheck {
  readonly principalId: string;
  readonly missing: readonly string[];
  readonly excess: readonly string[];
}

const servicePrincipal = z.object({
  appId: z.string(),
  appRoles: z.array(z.object({ id: z.string(), value: z.string().nullish() })).default([]),
});
const appRole = z.object({ appRoleId: z.string(), resourceId: z.string() });
const roleAssignment = z.object({
  id: z.string(),
  properties: z.object({
    scope: z.string(),
    roleDefinitionId: z.string(),
    condition: z.string().nullish(),
  }),
});
const roleDefinition = z.object({
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(
      z.object({
        actions: z.array(z.string()).default([]),
        notActions: z.array(z.string()).default([]),
        dataActions: z.array(z.string()).default([]),
        notDataActions: z.array(z.string()).default([]),
      }),
    ),
  }),
});

type Definition = z.infer<typeof roleDefinition>["properties"];

interface HeldRole {
  readonly scope: string;
  readonly condition: string | null;
  readonly definition: Definition;
}

/**
 * Compares what an identity holds with what it needs.
 *
 * @throws OperationError with everything that cannot be read: what is not known is neither missing nor there
 */
export async function checkRights(
  cloud: CloudClient,
  principalId: string,
  needed: IdentityRights,
): Promise<RightsCheck> {
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const [graph, azure] = await Promise.all([
    heldPermissions(reader, principalId),
    heldRoles(
      reader,
      principalId,
      needed.azure.map(({ scope }) => scope),
    ),
  ]);
  const gaps = explainGaps(coverage);
  if (gaps !== undefined) throw new OperationError("Not all that the identity holds could be read.", gaps);
  return {
    principalId,
    missing: [
      ...needed.graph
        .filter(({ permission }) => !satisfies(graph, permission))
        .map(({ permission, id }) => `Microsoft Graph: ${permission} (${id})`),
      ...needed.azure.flatMap((role) => missingAt(role, azure)),
    ],
    excess: [...excessPermissions(graph, needed), ...azure.flatMap((held) => excessOf(held, needed))].sort(),
  };
}

async function heldPermissions(reader: LiveReader, servicePrincipalId: string): Promise<readonly string[]> {
  const assignments = (await reader.all(calls.appRoles, appRole, null, { servicePrincipalId }))?.value ?? [];
  const apis = await Promise.all(
    [...new Set(assignments.map(({ resourceId }) => resourceId))].map(
      async (id) =>
        [
          id,
          (await reader.one(calls.servicePrincipal, servicePrincipal, null, { servicePrincipalId: id }))
            ?.value,
        ] as const,
    ),
  );
  const known = new Map(apis);
  return assignments.map(({ appRoleId, resourceId }) => {
    const api = known.get(resourceId);
    const name = api?.appRoles.find(({ id }) => id === appRoleId)?.value ?? appRoleId;
    return api?.appId === graphClientId ? name : `${name} of ${api?.appId ?? resourceId}`;
  });
}

async function heldRoles(
  reader: LiveReader,
  principalId: string,
  scopes: readonly string[],
): Promise<readonly HeldRole[]> {
  const listings = await Promise.all(
    scopes.map(async (askedAt) => {
      const listing = await reader.all(calls.roleAssignmentsOfPrincipal, roleAssignment, null, {
        scope: askedAt,
        principalId,
      });
      return (listing?.value ?? []).map(
        ({ id, properties }) => [id.toLowerCase(), { askedAt, ...properties }] as const,
      );
    }),
  );
  const held = await Promise.all(
    [...new Map(listings.flat()).values()].map(async ({ askedAt, scope, roleDefinitionId, condition }) => {
      const found = await reader.one(calls.roleDefinition, roleDefinition, null, {
        roleDefinitionId: definitionAt(askedAt, roleDefinitionId),
      });
      return found ? [{ scope, condition: condition ?? null, definition: found.value.properties }] : [];
    }),
  );
  return held.flat();
}

function satisfies(held: readonly string[], permission: string): boolean {
  return [permission, ...(graphPermissions[permission]?.impliedBy ?? [])].some((one) => held.includes(one));
}

function excessPermissions(held: readonly string[], needed: IdentityRights): readonly string[] {
  const wanted = needed.graph.map(({ permission }) => permission);
  return held.filter((one) => !wanted.includes(one)).map((one) => `Microsoft Graph: ${one}`);
}

function missingAt(role: NeededRole, held: readonly HeldRole[]): readonly string[] {
  const here = held.filter(({ scope }) =>
    `${role.scope.toLowerCase()}/`.startsWith(`${scope.toLowerCase().replace(/\/$/, "")}/`),
  );
  const lacking = [
    ...role.actions.filter((action) => !here.some(({ definition }) => allows(definition, "actions", action))),
    ...role.dataActions.filter(
      (action) => !here.some(({ definition }) => allows(definition, "dataActions", action)),
    ),
  ];
  return lacking.length === 0 ? [] : [`${role.role} at ${role.scope}: ${lacking.join(", ")}`];
}

function excessOf({ scope, definition, condition }: HeldRole, { azure }: IdentityRights): readonly string[] {
  const wanted = azure.filter((role) => role.scope.toLowerCase() === scope.toLowerCase());
  const name = `${definition.roleName} at ${scope}`;
  const match = wanted.find((role) => role.role === definition.roleName || isExactly(definition, role));
  if (!match) return [`${name}: it is not needed, or allows more than is needed`];
  return match.condition !== null && condition === null
    ? [`${name}: it has no condition that limits it to the roles in use`]
    : [];
}

function isExactly({ permissions }: Definition, role: NeededRole): boolean {
  const all = (kind: "actions" | "dataActions"): string =>
    permissions
      .flatMap((one) => one[kind])
      .sort()
      .join("\n");
  return (
    all("actions").toLowerCase() === role.actions.join("\n").toLowerCase() &&
    all("dataActions").toLowerCase() === role.dataActions.join("\n").toLowerCase()
  );
}

function allows({ permissions }: Definition, kind: "actions" | "dataActions", action: string): boolean {
  const not = kind === "actions" ? "notActions" : "notDataActions";
  return permissions.some((one) => one[kind].some(fits(action)) && !one[not].some(fits(action)));
}

function fits(action: string): (pattern: string) => boolean {
  return (pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
  };
}
