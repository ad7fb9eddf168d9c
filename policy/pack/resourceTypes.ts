/** Type tokens of the resources that policies look at. Tokens, not classes, keep the provider packages out of the pack. */
export const types = {
  application: "azuread:index/application:Application",
  applicationRegistration: "azuread:index/applicationRegistration:ApplicationRegistration",
  apiAccess: "azuread:index/applicationApiAccess:ApplicationApiAccess",
  redirectUris: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  fallbackPublicClient: "azuread:index/applicationFallbackPublicClient:ApplicationFallbackPublicClient",
  applicationPassword: "azuread:index/applicationPassword:ApplicationPassword",
  applicationCertificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  servicePrincipalPassword: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
  servicePrincipalCertificate: "azuread:index/servicePrincipalCertificate:ServicePrincipalCertificate",
  delegatedGrant:
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
} as const;

/** Whether a resource belongs to the azuread provider. */
export function isAzureadResource(type: string): boolean {
  return type.startsWith("azuread:");
}

/** Whether a resource is an Azure role assignment, of whatever version of its API or of the classic provider. */
export function isAzureRoleAssignment(type: string): boolean {
  return (
    /^azure-native(_authorization_v\w+)?:authorization(\/v\w+)?:RoleAssignment$/.test(type) ||
    type === "azure:authorization/assignment:Assignment"
  );
}
