import { type ActionDefinition, clientArgument } from "./portalAction";

/** The actions of this file on the command line. */
export const servicePrincipalActions: readonly ActionDefinition[] = [
  enabling(false, "disable the service principal: the client gets no more tokens"),
  enabling(true, "enable the service principal again"),
  {
    name: "delete-service-principal",
    description: "delete the service principal, but keep the application",
    arguments: [clientArgument],
    example: "delete-service-principal imaging-gateway",
    async run(given) {
      const id = await given.principalId();
      await given.administrator.graph("DELETE", `servicePrincipals/${id}`);
      return [`Deleted the service principal ${id}.`];
    },
  },
];

function enabling(accountEnabled: boolean, description: string): ActionDefinition {
  const name = accountEnabled ? "enable" : "disable";
  return {
    name,
    description,
    arguments: [clientArgument],
    example: `${name} imaging-gateway`,
    async run(given) {
      const id = await given.principalId();
      await given.administrator.graph("PATCH", `servicePrincipals/${id}`, { accountEnabled });
      return [`${accountEnabled ? "Enabled" : "Disabled"} the service principal ${id}.`];
    },
  };
}
