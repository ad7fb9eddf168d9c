import { SandboxError } from "../runner/sandboxError";
import type { Administrator } from "./administrator";
import { listObjects, type Listed, textProperty } from "./directory";
import {
  type ActionParameter,
  clientArgument,
  type PortalAction,
  principalOf,
  requiredText,
} from "./portalAction";

/** Gives a directory role to a service principal. @returns object id of the role. */
async function assignDirectoryRole(
  administrator: Administrator,
  servicePrincipalId: string,
  role: string,
): Promise<string> {
  const { id } = await findRole(administrator, role);
  await administrator.graph("POST", `directoryRoles/${id}/members/$ref`, {
    "@odata.id": `${administrator.graphUrl}/v1.0/directoryObjects/${servicePrincipalId}`,
  });
  return id;
}

/** Takes a directory role away. @returns object id of the role. */
async function removeDirectoryRole(
  administrator: Administrator,
  servicePrincipalId: string,
  role: string,
): Promise<string> {
  const { id } = await findRole(administrator, role);
  await administrator.graph("DELETE", `directoryRoles/${id}/members/${servicePrincipalId}/$ref`);
  return id;
}

async function findRole(administrator: Administrator, wanted: string): Promise<Listed> {
  const roles = await listObjects(administrator, "directoryRoles");
  const found = roles.find((role) => [role.id, role["roleTemplateId"], role["displayName"]].includes(wanted));
  if (found) {
    return found;
  }
  throw new SandboxError(
    [
      `There is no directory role ${JSON.stringify(wanted)}. There are:`,
      ...roles.map((role) => `  ${textProperty(role, "displayName")}`),
    ].join("\n"),
  );
}

const roleArgument: ActionParameter = { flags: "role", description: 'such as "Directory Readers"' };

/** The actions of this file on the command line. */
export function directoryRoleActions(): readonly PortalAction[] {
  return [
    {
      name: "assign-directory-role",
      description: "assign a directory role to the service principal",
      arguments: [clientArgument, roleArgument],
      example: 'assign-directory-role imaging-gateway "Directory Readers"',
      async run(portal, values) {
        const { administrator } = portal;
        const id = await principalOf(portal, requiredText(values, "client"));
        const role = await assignDirectoryRole(administrator, id, requiredText(values, "role"));
        return [
          `Gave the directory role ${requiredText(values, "role")} (${role}) to the service principal ${id}.`,
        ];
      },
    },
    {
      name: "remove-directory-role",
      description: "remove a directory role from the service principal",
      arguments: [clientArgument, roleArgument],
      example: 'remove-directory-role imaging-gateway "Directory Readers"',
      async run(portal, values) {
        const { administrator } = portal;
        const id = await principalOf(portal, requiredText(values, "client"));
        const role = await removeDirectoryRole(administrator, id, requiredText(values, "role"));
        return [
          `Took the directory role ${requiredText(values, "role")} (${role}) from the service principal ${id}.`,
        ];
      },
    },
  ];
}
