import type { Application, ServicePrincipal, ServicePrincipalArgs } from "@pulumi/azuread";
import type { Input, Resource } from "@pulumi/pulumi";
import { childOptions, type ClientParts, diesWith } from "./child";
import { childName } from "./childNames";
import { azuread } from "./sdk";

/** Declared for the reason that the application's settings are. */
export const servicePrincipalSettings = {
  accountEnabled: true,
  appRoleAssignmentRequired: false,
} satisfies Omit<ServicePrincipalArgs, "clientId">;

/**
 * Declares what stands for the application in the tenant: what consents and roles are given to.
 *
 * @param credentials of the application. They rotate, so they cannot be protected themselves: a destroy has to get past a protected
 *   client, which depends on them, first.
 */
export function declareServicePrincipal(
  client: ClientParts,
  application: Application,
  owners: Input<string[]>,
  credentials: readonly Resource[],
): ServicePrincipal {
  const name = childName(client.name, "servicePrincipal");
  return new azuread.ServicePrincipal(
    name,
    { clientId: application.clientId, owners, ...servicePrincipalSettings },
    {
      ...childOptions(client, "servicePrincipal", name),
      ...diesWith(application),
      ...(client.settings.protect === true ? { dependsOn: [...credentials] } : {}),
    },
  );
}
