const grantType =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";

/**
 * What to do about a consent that somebody has already given by hand: Entra's own answer names neither the existing grant nor a
 * way on.
 *
 * @param name name of the consent's resource.
 * @param component URN of the client's component.
 */
export function existingConsentMessage(name: string, component: string, grantId: string): string {
  return [
    `The consent "${name}" cannot be created: the client already has one for this API, granted by hand or left behind by an interrupted run. It is the grant ${grantId}.`,
    "Either let this stack manage it, by importing it and running pulumi up again:",
    `  pulumi import ${grantType} ${name} /oauth2PermissionGrants/${grantId} --parent component=${component} --protect=false`,
    "or leave consent to administrators, with consent: external.",
  ].join("\n");
}

/**
 * The id that Microsoft Graph gives the tenant-wide grant between two service principals: both object ids as 16 bytes in .NET's
 * order, in base64url.
 */
export function tenantWideGrantId(clientId: string, resourceId: string): string {
  return Buffer.concat([guidBytes(clientId), guidBytes(resourceId)]).toString("base64url");
}

/** A GUID's bytes as .NET orders them: the first three groups have their lowest byte first. */
function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replace(/-/g, ""), "hex");
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}
