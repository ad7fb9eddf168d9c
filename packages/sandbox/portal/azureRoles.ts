import { randomUUID } from "node:crypto";
import { isGuid } from "../guid";
import { isMapping } from "../mapping";
import { SandboxError } from "../runner/sandboxError";
import { objectsIn } from "../standIn/http/jsonBody";
import { seedResourceIds } from "../tenant/seed";
import type { Administrator } from "./administrator";
import { type ActionParameter, clientArgument, type ActionDefinition } from "./portalAction";

/** The seeded scopes by the words for them. */
const scopeWords: ReadonlyMap<string, string> = new Map([
  ["dicom-service", seedResourceIds.dicomService],
  ["workspace", seedResourceIds.workspace],
  ["resource-group", seedResourceIds.resourceGroup],
  ["subscription", seedResourceIds.subscription],
]);

/** An Azure role that a principal holds at a scope. */
export interface RoleAssignment {
  /** Resource id. */
  readonly id: string;
  readonly roleDefinitionId: string;
  readonly scope: string;
}

const provider = "providers/Microsoft.Authorization";

/**
 * Assigns an Azure role.
 *
 * @param scope resource id.
 * @param role name or GUID of the role.
 * @returns resource id of the assignment.
 */
export async function assignAzureRole(
  administrator: Administrator,
  scope: string,
  role: string,
  principalId: string,
  principalType: string = "ServicePrincipal",
): Promise<string> {
  const id = `${scope}/${provider}/roleAssignments/${randomUUID()}`;
  await administrator.azure("PUT", id, {
    properties: { roleDefinitionId: await roleDefinition(administrator, role), principalId, principalType },
  });
  return id;
}

/** Removes an assignment. @param id its resource id. */
export async function removeRoleAssignment(administrator: Administrator, id: string): Promise<void> {
  await administrator.azure("DELETE", id);
}

/** The roles that a principal holds, by assignments at a scope exactly. */
export async function azureRolesAt(
  administrator: Administrator,
  scope: string,
  principalId: string,
): Promise<readonly RoleAssignment[]> {
  return items(await administrator.azure("GET", `${scope}/${provider}/roleAssignments`)).flatMap(
    ({ id, properties }) =>
      isMapping(properties) &&
      properties["principalId"] === principalId &&
      String(properties["scope"]).toLowerCase() === scope.toLowerCase()
        ? [{ id: String(id), roleDefinitionId: String(properties["roleDefinitionId"]), scope }]
        : [],
  );
}

async function roleDefinition(administrator: Administrator, wanted: string): Promise<string> {
  const definitions = `${seedResourceIds.subscription}/${provider}/roleDefinitions`;
  if (isGuid(wanted)) {
    return `${definitions}/${wanted}`;
  }
  const all = items(await administrator.azure("GET", definitions));
  const nameOf = (properties: unknown): string =>
    isMapping(properties) ? String(properties["roleName"]) : "";
  const found = all.find(({ properties }) => nameOf(properties).toLowerCase() === wanted.toLowerCase());
  if (found) {
    return String(found["id"]);
  }
  throw new SandboxError(
    [
      `There is no Azure role ${JSON.stringify(wanted)}. There are:`,
      ...all.map(({ properties }) => `  ${nameOf(properties)}`),
    ].join("\n"),
  );
}

function items(answer: unknown): readonly Readonly<Record<string, unknown>>[] {
  return objectsIn(isMapping(answer) ? answer["value"] : undefined);
}

function scopeOf(wanted: string): string {
  const scope = scopeWords.get(wanted) ?? wanted;
  if (!scope.startsWith("/")) {
    throw new SandboxError(
      `${JSON.stringify(wanted)} is not a scope; write ${[...scopeWords.keys()].join(", ")} or a resource id.`,
    );
  }
  return scope;
}

const roleArgument: ActionParameter = {
  flags: "role",
  description: 'name or GUID of the role, such as Contributor or "DICOM Data Owner"',
};
const options: readonly ActionParameter[] = [
  {
    flags: "--scope <scope>",
    description: `${[...scopeWords.keys()].join(", ")} of the sandbox, or a resource id`,
    fallback: "dicom-service",
  },
];

/** The actions of this file on the command line. */
export const azureRoleActions: readonly ActionDefinition[] = [
  {
    name: "assign-role",
    description: "assign an Azure role to the service principal",
    arguments: [clientArgument, roleArgument],
    options,
    example: "assign-role imaging-gateway Contributor --scope subscription",
    async run(given) {
      const { administrator } = given;
      const scope = scopeOf(given.text("scope"));
      const id = await given.principalId();
      const made = await assignAzureRole(administrator, scope, given.text("role"), id);
      return [`Assigned the role ${given.text("role")} to the service principal ${id}:`, `  ${made}`];
    },
  },
  {
    name: "remove-role",
    description: "remove an Azure role from the service principal",
    arguments: [clientArgument, roleArgument],
    options,
    example: "remove-role imaging-gateway Contributor --scope subscription",
    async run(given) {
      const { administrator } = given;
      const scope = scopeOf(given.text("scope"));
      const id = await given.principalId();
      const role = await roleDefinition(administrator, given.text("role"));
      const guid = (one: string): string => one.slice(one.lastIndexOf("/") + 1);
      const found = (await azureRolesAt(administrator, scope, id)).filter(
        ({ roleDefinitionId }) => guid(roleDefinitionId) === guid(role),
      );
      if (found.length === 0) {
        throw new SandboxError(
          `The service principal ${id} has no assignment of ${given.text("role")} at ${scope} itself.`,
        );
      }
      for (const assignment of found) {
        await removeRoleAssignment(administrator, assignment.id);
      }
      return ["Removed:", ...found.map((assignment) => `  ${assignment.id}`)];
    },
  },
];
