import * as azuread from "@pulumi/azuread";
import { creationHooks } from "./clientHooks";
import { diesWithApplication, type ClientParts } from "./clientParts";
import { apiOf, idOf, type PermissionRequest } from "./permissionRequests";
import { formerly } from "./sameObject";
import { fromTenant } from "./tenantContext";

/**
 * Consents for the whole tenant to everything that a client asks for: one delegated grant for each API with scopes, and one
 * assignment for each app role.
 */
export function declareConsent(parts: ClientParts, requests: readonly PermissionRequest[]): void {
  const { name, servicePrincipal, tenant, protect } = parts;
  const options = { ...diesWithApplication(parts), protect };
  for (const { clientId, key, formerKey, scopes, roles } of requests) {
    const resourceId = fromTenant(tenant, (context) => apiOf(context, clientId).servicePrincipalId);
    if (scopes.length > 0) {
      new azuread.ServicePrincipalDelegatedPermissionGrant(
        `${name}-consent${key}`,
        {
          servicePrincipalObjectId: servicePrincipal.objectId,
          resourceServicePrincipalObjectId: resourceId,
          claimValues: [...scopes].sort(),
        },
        {
          ...options,
          ...creationHooks(),
          ...formerly(`${name}-consent${key}`, `${name}-consent${formerKey}`),
        },
      );
    }
    for (const role of roles) {
      new azuread.AppRoleAssignment(
        `${name}-role${key}-${role}`,
        {
          principalObjectId: servicePrincipal.objectId,
          resourceObjectId: resourceId,
          appRoleId: fromTenant(tenant, (context) => idOf(apiOf(context, clientId).roleIds, role)),
        },
        {
          ...options,
          ...creationHooks(),
          ...formerly(`${name}-role${key}-${role}`, `${name}-role${formerKey}-${role}`),
        },
      );
    }
  }
}
