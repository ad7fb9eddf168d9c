import { SandboxError } from "../runner/sandboxError";
import { objectsIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import { findApi, listObjects, listed, type Listed } from "./directory";
import { clientArgument, type ActionParameter, type ActionDefinition } from "./portalAction";

/**
 * Grants an application permission.
 *
 * @param servicePrincipalId the client's service principal.
 * @param apiName display name or client id of the API.
 * @returns id of the assignment.
 * @throws SandboxError when the API publishes no such permission.
 */
export async function grantAppRole(
  administrator: Administrator,
  servicePrincipalId: string,
  permission: string,
  apiName: string = "Microsoft Graph",
): Promise<string> {
  const api = await findApi(administrator, apiName);
  const made = await administrator.graph(
    "POST",
    `servicePrincipals/${servicePrincipalId}/appRoleAssignments`,
    {
      principalId: servicePrincipalId,
      resourceId: api.id,
      appRoleId: roleId(api, permission),
    },
  );
  return listed(made).id;
}

/**
 * Takes an application permission back.
 *
 * @returns id of the assignment.
 * @throws SandboxError when it has not been granted.
 */
export async function removeAppRole(
  administrator: Administrator,
  servicePrincipalId: string,
  permission: string,
  apiName: string = "Microsoft Graph",
): Promise<string> {
  const api = await findApi(administrator, apiName);
  const role = roleId(api, permission);
  const path = `servicePrincipals/${servicePrincipalId}/appRoleAssignments`;
  const found = (await listObjects(administrator, path)).find(
    (one) => one["resourceId"] === api.id && one["appRoleId"] === role,
  );
  if (!found) {
    throw new SandboxError(
      `${permission} of ${apiName} has not been granted to the service principal ${servicePrincipalId}.`,
    );
  }
  await administrator.graph("DELETE", `${path}/${found.id}`);
  return found.id;
}

function roleId(api: Listed, permission: string): string {
  const roles = objectsIn(api["appRoles"]);
  const found = roles.find(({ value }) => value === permission);
  if (typeof found?.["id"] === "string") {
    return found["id"];
  }
  throw new SandboxError(
    [
      `${String(api["displayName"])} publishes no application permission ${JSON.stringify(permission)}${roles.length === 0 ? ", and no other either." : ". It publishes:"}`,
      ...roles.map(({ value }) => `  ${String(value)}`),
    ].join("\n"),
  );
}

const permission: ActionParameter = {
  flags: "permission",
  description: "name of the permission, such as Application.Read.All",
};
const options: readonly ActionParameter[] = [
  { flags: "--api <name>", description: "display name or client id of the API", fallback: "Microsoft Graph" },
];

/** The actions of this file on the command line. */
export const appRoleActions: readonly ActionDefinition[] = [
  {
    name: "grant-app-role",
    description: "grant an application permission of an API",
    arguments: [clientArgument, permission],
    options,
    example: "grant-app-role imaging-gateway Application.Read.All",
    async run(given) {
      const { administrator } = given;
      const id = await given.principalId();
      const granted = await grantAppRole(administrator, id, given.text("permission"), given.text("api"));
      return [
        `Granted ${given.text("permission")} of ${given.text("api")} to the service principal ${id}: assignment ${granted}.`,
      ];
    },
  },
  {
    name: "remove-app-role",
    description: "revoke an application permission of an API",
    arguments: [clientArgument, permission],
    options,
    example: "remove-app-role imaging-gateway Application.Read.All",
    async run(given) {
      const { administrator } = given;
      const id = await given.principalId();
      const removed = await removeAppRole(administrator, id, given.text("permission"), given.text("api"));
      return [`Removed the assignment ${removed} from the service principal ${id}.`];
    },
  },
];
