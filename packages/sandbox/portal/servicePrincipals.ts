import type { Administrator } from "./administrator";
import { clientArgument, type PortalAction, principalOf, requiredText } from "./portalAction";

/** Enables a service principal, or disables it: then nobody gets a token for its client. */
async function setEnabled(
  administrator: Administrator,
  servicePrincipalId: string,
  accountEnabled: boolean,
): Promise<void> {
  await administrator.graph("PATCH", `servicePrincipals/${servicePrincipalId}`, { accountEnabled });
}

/** Deletes a service principal. */
async function deleteServicePrincipal(
  administrator: Administrator,
  servicePrincipalId: string,
): Promise<void> {
  await administrator.graph("DELETE", `servicePrincipals/${servicePrincipalId}`);
}

/** The actions of this file on the command line. */
export function servicePrincipalActions(): readonly PortalAction[] {
  return [
    {
      name: "disable",
      description: "disable the service principal: the client gets no more tokens",
      arguments: [clientArgument],
      example: "disable imaging-gateway",
      async run(portal, values) {
        const id = await principalOf(portal, requiredText(values, "client"));
        await setEnabled(portal.administrator, id, false);
        return [`Disabled the service principal ${id}.`];
      },
    },
    {
      name: "enable",
      description: "enable the service principal again",
      arguments: [clientArgument],
      example: "enable imaging-gateway",
      async run(portal, values) {
        const id = await principalOf(portal, requiredText(values, "client"));
        await setEnabled(portal.administrator, id, true);
        return [`Enabled the service principal ${id}.`];
      },
    },
    {
      name: "delete-service-principal",
      description: "delete the service principal, but keep the application",
      arguments: [clientArgument],
      example: "delete-service-principal imaging-gateway",
      async run(portal, values) {
        const id = await principalOf(portal, requiredText(values, "client"));
        await deleteServicePrincipal(portal.administrator, id);
        return [`Deleted the service principal ${id}.`];
      },
    },
  ];
}
