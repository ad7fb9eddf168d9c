import { SandboxError } from "../runner/sandboxError";
import { textIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import { listObjects, type Listed } from "./directory";
import { type ActionParameter, clientArgument, type ActionDefinition } from "./portalAction";

async function findRole(administrator: Administrator, wanted: string): Promise<Listed> {
  const roles = await listObjects(administrator, "directoryRoles");
  const found = roles.find((role) => [role.id, role["roleTemplateId"], role["displayName"]].includes(wanted));
  if (found) {
    return found;
  }
  throw new SandboxError(
    [
      `There is no directory role ${JSON.stringify(wanted)}. There are:`,
      ...roles.map((role) => `  ${textIn(role["displayName"])}`),
    ].join("\n"),
  );
}

const roleArgument: ActionParameter = { flags: "role", description: 'such as "Directory Readers"' };

/** The actions of this file on the command line. */
export const directoryRoleActions: readonly ActionDefinition[] = [
  {
    name: "assign-directory-role",
    description: "assign a directory role to the service principal",
    arguments: [clientArgument, roleArgument],
    example: 'assign-directory-role imaging-gateway "Directory Readers"',
    async run(given) {
      const { administrator } = given;
      const id = await given.principalId();
      const role = (await findRole(administrator, given.text("role"))).id;
      await administrator.graph("POST", `directoryRoles/${role}/members/$ref`, {
        "@odata.id": `${administrator.graphUrl}/v1.0/directoryObjects/${id}`,
      });
      return [`Gave the directory role ${given.text("role")} (${role}) to the service principal ${id}.`];
    },
  },
  {
    name: "remove-directory-role",
    description: "remove a directory role from the service principal",
    arguments: [clientArgument, roleArgument],
    example: 'remove-directory-role imaging-gateway "Directory Readers"',
    async run(given) {
      const { administrator } = given;
      const id = await given.principalId();
      const role = (await findRole(administrator, given.text("role"))).id;
      await administrator.graph("DELETE", `directoryRoles/${role}/members/${id}/$ref`);
      return [`Took the directory role ${given.text("role")} (${role}) from the service principal ${id}.`];
    },
  },
];
