/** Type of the component. */
export const componentType = "dicom-service-client:index:DicomServiceClient";

/**
 * The children of a client by kind: the last part of their names, before what tells several of a kind apart, and their types. Names
 * are part of stacks' states.
 */
export const children = {
  application: { part: "application", type: "azuread:index/application:Application" },
  servicePrincipal: { part: "service-principal", type: "azuread:index/servicePrincipal:ServicePrincipal" },
  secret: { part: "secret", type: "azuread:index/applicationPassword:ApplicationPassword" },
  certificate: {
    part: "certificate",
    type: "azuread:index/applicationCertificate:ApplicationCertificate",
  },
  federatedCredential: {
    part: "federated",
    type: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  },
  flexibleFederatedCredential: {
    part: "federated",
    type: "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  },
  consent: {
    part: "consent",
    type: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  },
  appRole: { part: "role", type: "azuread:index/appRoleAssignment:AppRoleAssignment" },
  access: { part: "access", type: "azure-native:authorization:RoleAssignment" },
  customRole: { part: "custom-role", type: "azure-native:authorization:RoleDefinition" },
  vaultSecret: { part: "vault", type: "azure-native:keyvault:Secret" },
} as const;

export type ChildKind = keyof typeof children;

/**
 * The name of a child, such as `imaging-gateway-secret-a`.
 *
 * @param keys what tells it from others of its kind; empty ones are left out.
 */
export function childName(client: string, kind: ChildKind, ...keys: readonly string[]): string {
  return [client, children[kind].part, ...keys.filter((key) => key !== "")].join("-");
}

/** What tells a child from others of its kind, read out of its name; "" when its name says nothing. */
export function childKey(client: string, kind: ChildKind, name: string): string {
  const beginning = `${childName(client, kind)}-`;
  return name.startsWith(beginning) ? name.slice(beginning.length) : "";
}

/** The URN of the component of a client, by the URN of one of its children. */
export function componentUrn(childUrn: string, client: string): string {
  return `${childUrn.slice(0, childUrn.lastIndexOf("$"))}::${client}`;
}

/** The name of the stack that a URN is of. */
export function stackOfUrn(urn: string): string {
  return urn.slice("urn:pulumi:".length, urn.indexOf("::"));
}
