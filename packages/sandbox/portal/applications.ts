import { listObjects } from "./directory";
import type { FoundApplication } from "./findApplication";
import { type ActionDefinition, clientArgument, type GivenValues } from "./portalAction";

/** Changes a property of the application that an action names. @param property named as in Graph @returns its ids and former name */
async function change(given: GivenValues, property: string, value: unknown): Promise<FoundApplication> {
  const application = await given.application();
  await given.administrator.graph("PATCH", `applications/${application.id}`, { [property]: value });
  return application;
}

/** The actions of this file on the command line. */
export const applicationActions: readonly ActionDefinition[] = [
  {
    name: "rename",
    description: "give an application another display name",
    arguments: [clientArgument, { flags: "displayName", description: "the new display name" }],
    example: 'rename imaging-gateway "Renamed by hand"',
    async run(given) {
      const name = given.text("displayName");
      const { id, displayName } = await change(given, "displayName", name);
      return [`Renamed ${JSON.stringify(displayName)} to ${JSON.stringify(name)} (object id ${id}).`];
    },
  },
  {
    name: "set-description",
    description: "give an application another description",
    arguments: [clientArgument, { flags: "description", description: "the new description" }],
    example: 'set-description imaging-gateway "Changed by hand"',
    async run(given) {
      const { id } = await change(given, "description", given.text("description") || null);
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
    async run(given) {
      const { id } = await change(given, "signInAudience", given.text("audience"));
      return [`The application ${id} is for ${given.text("audience")} now.`];
    },
  },
  {
    name: "delete",
    description: "delete an application together with its service principal",
    arguments: [clientArgument],
    example: "delete imaging-gateway",
    async run(given) {
      const { id } = await given.application();
      await given.administrator.graph("DELETE", `applications/${id}`);
      return [`Deleted the application ${id}; it can be restored for 30 days.`];
    },
  },
  {
    name: "restore",
    description: "restore a deleted application together with its service principal",
    arguments: [clientArgument],
    example: "restore imaging-gateway",
    async run(given) {
      const { administrator } = given;
      const { id, appId } = await given.application(true);
      const deleted = "directory/deletedItems/microsoft.graph.servicePrincipal";
      const principals = (await listObjects(administrator, deleted, { appId })).map((one) => one.id);
      for (const item of [id, ...principals]) {
        await administrator.graph("POST", `directory/deletedItems/${item}/restore`);
      }
      return [
        `Restored the application ${id}${principals.length === 0 ? "" : ` and the service principal ${principals.join(", ")}`}.`,
      ];
    },
  },
];
