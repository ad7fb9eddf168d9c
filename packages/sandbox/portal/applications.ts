import type { Administrator } from "./administrator";
import { listObjects } from "./directory";
import { clientArgument, type PortalAction, requiredText } from "./portalAction";

/** Changes a property of an application, named as in Graph. */
async function changeApplication(
  administrator: Administrator,
  objectId: string,
  property: string,
  value: unknown,
): Promise<void> {
  await administrator.graph("PATCH", `applications/${objectId}`, { [property]: value });
}

/** Deletes an application, and with it its service principal; both can be restored for 30 days. */
async function deleteApplication(administrator: Administrator, objectId: string): Promise<void> {
  await administrator.graph("DELETE", `applications/${objectId}`);
}

/** Restores a deleted application, and its service principal if that was deleted, too. @returns ids of both. */
async function restoreApplication(
  administrator: Administrator,
  objectId: string,
  appId: string,
): Promise<readonly string[]> {
  const principals = await listObjects(
    administrator,
    "directory/deletedItems/microsoft.graph.servicePrincipal",
    {
      appId,
    },
  );
  const ids = [objectId, ...principals.map(({ id }) => id)];
  for (const id of ids) {
    await administrator.graph("POST", `directory/deletedItems/${id}/restore`);
  }
  return ids;
}

/** The actions of this file on the command line. */
export function applicationActions(): readonly PortalAction[] {
  return [
    {
      name: "rename",
      description: "give an application another display name",
      arguments: [clientArgument, { flags: "displayName", description: "the new display name" }],
      example: 'rename imaging-gateway "Renamed by hand"',
      async run({ administrator, application }, values) {
        const { id, displayName } = await application(requiredText(values, "client"));
        const name = requiredText(values, "displayName");
        await changeApplication(administrator, id, "displayName", name);
        return [`Renamed ${JSON.stringify(displayName)} to ${JSON.stringify(name)} (object id ${id}).`];
      },
    },
    {
      name: "set-description",
      description: "give an application another description",
      arguments: [clientArgument, { flags: "description", description: "the new description" }],
      example: 'set-description imaging-gateway "Changed by hand"',
      async run({ administrator, application }, values) {
        const { id } = await application(requiredText(values, "client"));
        const description = requiredText(values, "description");
        await changeApplication(administrator, id, "description", description === "" ? null : description);
        return [`Changed the description of the application ${id}.`];
      },
    },
    {
      name: "set-audience",
      description: "change which accounts can use an application",
      arguments: [
        clientArgument,
        {
          flags: "audience",
          description: "the sign-in audience",
          choices: ["AzureADMyOrg", "AzureADMultipleOrgs"],
        },
      ],
      example: "set-audience imaging-gateway AzureADMultipleOrgs",
      async run({ administrator, application }, values) {
        const { id } = await application(requiredText(values, "client"));
        await changeApplication(administrator, id, "signInAudience", requiredText(values, "audience"));
        return [`The application ${id} is for ${requiredText(values, "audience")} now.`];
      },
    },
    {
      name: "delete",
      description: "delete an application together with its service principal",
      arguments: [clientArgument],
      example: "delete imaging-gateway",
      async run({ administrator, application }, values) {
        const { id } = await application(requiredText(values, "client"));
        await deleteApplication(administrator, id);
        return [`Deleted the application ${id}; it can be restored for 30 days.`];
      },
    },
    {
      name: "restore",
      description: "restore a deleted application together with its service principal",
      arguments: [clientArgument],
      example: "restore imaging-gateway",
      async run({ administrator, application }, values) {
        const { id, appId } = await application(requiredText(values, "client"), true);
        const [, ...principals] = await restoreApplication(administrator, id, appId);
        return [
          `Restored the application ${id}${principals.length === 0 ? "" : ` and the service principal ${principals.join(", ")}`}.`,
        ];
      },
    },
  ];
}
