import { randomBytes, randomUUID } from "node:crypto";
import type { Directory } from "../state/directory";
import type { ServicePrincipalRecord } from "../state/records";
import { toWholeSecond } from "./instants";
import { systemServicePrincipal } from "./servicePrincipals";

/** How long Azure's own certificate of a managed identity is good, in days. Source: {@link identityPrincipal} */
const certificateDays = 90;

/**
 * Makes the service principal of a user-assigned identity: it has no application, and a certificate that Azure replaces by itself.
 * Sources: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview and
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-view-managed-identity-service-principal
 *
 * @param resourceId resource id of the identity
 */
export function identityPrincipal(
  directory: Directory,
  { resourceId, name }: { readonly resourceId: string; readonly name: string },
  context: { readonly now: Date; readonly tenantId: string },
): ServicePrincipalRecord {
  const { now, tenantId } = context;
  const appId = randomUUID();
  const principal = systemServicePrincipal(
    randomUUID(),
    appId,
    {
      displayName: name,
      ownerTenantId: tenantId,
      signInAudience: "AzureADMyOrg",
      servicePrincipalNames: [`https://identity.azure.net/${randomBytes(32).toString("base64")}`],
      appRoles: [],
      oauth2PermissionScopes: [],
    },
    now,
  );
  return directory.servicePrincipals.put({
    ...principal,
    properties: { ...principal.properties, alternativeNames: ["isExplicit=True", resourceId] },
    keys: [
      {
        keyId: randomUUID(),
        displayName: `CN=${appId}`,
        startDateTime: toWholeSecond(now),
        endDateTime: toWholeSecond(new Date(now.getTime() + certificateDays * 86_400_000)),
        type: "AsymmetricX509Cert",
        usage: "Verify",
        customKeyIdentifier: null,
        certificate: randomBytes(32).toString("base64"),
      },
    ],
    isManagedIdentity: true,
  });
}

/** The service principal of a managed identity, by its object id or its client id. */
export function findIdentityPrincipal(directory: Directory, id: string): ServicePrincipalRecord | undefined {
  return directory.servicePrincipals
    .all()
    .find(
      (principal) =>
        principal.isManagedIdentity === true && [principal.id, principal.appId].includes(id.toLowerCase()),
    );
}
