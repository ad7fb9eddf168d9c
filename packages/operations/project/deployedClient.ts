import type { DeployedResource } from "./deployedResource";

/** A secret of the application, as the state knows it. */
export interface DeployedSecret {
  /** Name of the Pulumi resource, such as `imaging-gateway-secret-a`. */
  readonly resource: string;
  readonly slot: "a" | "b";
  readonly keyId: string;
  /** When it ends, as Microsoft Graph writes it. */
  readonly endsAt: string;
}

/** A certificate of the application, as the state knows it. */
export interface DeployedCertificate {
  readonly resource: string;
  /** Name in the configuration. */
  readonly name: string;
  readonly keyId: string;
  readonly endsAt: string;
}

/** A federated identity credential, as the state knows it. */
export interface DeployedFederatedCredential {
  readonly resource: string;
  readonly name: string;
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** A consent for the whole tenant, as the state knows it. */
export interface DeployedConsent {
  readonly resource: string;
  readonly id: string;
  /** Object id of the API's service principal. */
  readonly resourceId: string;
  readonly scopes: readonly string[];
}

/** An app role, as the state knows it. */
export interface DeployedAppRole {
  readonly resource: string;
  readonly id: string;
  readonly resourceId: string;
  readonly appRoleId: string;
}

/** An Azure role assignment, as the state knows it. */
export interface DeployedAzureRole {
  readonly resource: string;
  /** Resource id of the role assignment. */
  readonly id: string;
  readonly scope: string;
  /** GUID of the role definition. */
  readonly roleId: string;
}

/** The application's properties as they were last deployed. */
export interface DeployedApplication {
  readonly displayName: string;
  readonly description: string;
  readonly serviceManagementReference: string;
  readonly signInAudience: string;
  /** Object ids in lower case. */
  readonly owners: readonly string[];
  readonly requiredAccess: readonly DeployedRequiredAccess[];
}

export interface DeployedRequiredAccess {
  readonly api: string;
  readonly permissions: readonly { readonly id: string; readonly type: string }[];
}

/** A client as it was last deployed. Parts that a failed update has not reached are absent. */
export interface DeployedClient {
  readonly name: string;
  readonly urn: string;
  readonly clientId?: string;
  /** Object id of the application. */
  readonly objectId?: string;
  readonly servicePrincipalId?: string;
  readonly tenantId?: string;
  readonly audience?: string;
  readonly tokenUrl?: string;
  readonly dicomServiceUrls: readonly string[];
  readonly application?: DeployedApplication;
  readonly secrets: readonly DeployedSecret[];
  readonly certificates: readonly DeployedCertificate[];
  readonly federatedCredentials: readonly DeployedFederatedCredential[];
  readonly consents: readonly DeployedConsent[];
  readonly appRoles: readonly DeployedAppRole[];
  readonly azureRoles: readonly DeployedAzureRole[];
}

/** Types of the component's children in the state. */
export const childTypes = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  password: "azuread:index/applicationPassword:ApplicationPassword",
  certificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  federated: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  consent: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  appRole: "azuread:index/appRoleAssignment:AppRoleAssignment",
  azureRole: "azure-native:authorization:RoleAssignment",
  vaultSecret: "azure-native:keyvault:Secret",
} as const;

/** Gathers what belongs to one component of the state. */
export function deployedClient(
  component: DeployedResource,
  resources: readonly DeployedResource[],
): DeployedClient {
  const children = resources.filter(({ parent }) => parent === component.urn);
  const ofType = (type: string): readonly DeployedResource[] =>
    children.filter((child) => child.type === type);
  const [application] = ofType(childTypes.application);
  const [principal] = ofType(childTypes.servicePrincipal);
  const { name } = component;
  return {
    name,
    urn: component.urn,
    ...optional("clientId", application?.outputs["clientId"]),
    ...optional("objectId", application?.outputs["objectId"]),
    ...optional("servicePrincipalId", principal?.outputs["objectId"]),
    ...optional("tenantId", component.outputs["tenantId"]),
    ...optional("audience", component.outputs["audience"]),
    ...optional("tokenUrl", component.outputs["tokenUrl"]),
    dicomServiceUrls: texts(component.outputs["dicomServiceUrls"]),
    ...(application === undefined ? {} : { application: deployedApplication(application) }),
    secrets: ofType(childTypes.password).map(({ name: resource, outputs }) => ({
      resource,
      slot: resource.endsWith("-b") ? "b" : "a",
      keyId: text(outputs["keyId"]),
      endsAt: text(outputs["endDate"]),
    })),
    certificates: ofType(childTypes.certificate).map(({ name: resource, outputs, id = "" }) => ({
      resource,
      name: resource.slice(`${name}-certificate-`.length),
      keyId: text(outputs["keyId"]) || lastPart(id),
      endsAt: text(outputs["endDate"]),
    })),
    federatedCredentials: ofType(childTypes.federated).map(
      ({ name: resource, inputs, outputs, id = "" }) => ({
        resource,
        name: text(outputs["displayName"] ?? inputs["displayName"]),
        id: text(outputs["credentialId"]) || lastPart(id),
        issuer: text(outputs["issuer"]),
        subject: text(outputs["subject"]),
        audiences: texts(outputs["audiences"]),
      }),
    ),
    consents: ofType(childTypes.consent).map(({ name: resource, outputs, id = "" }) => ({
      resource,
      id: lastPart(id),
      resourceId: text(outputs["resourceServicePrincipalObjectId"]),
      scopes: texts(outputs["claimValues"]),
    })),
    appRoles: ofType(childTypes.appRole).map(({ name: resource, outputs, id = "" }) => ({
      resource,
      id: lastPart(id),
      resourceId: text(outputs["resourceObjectId"]),
      appRoleId: text(outputs["appRoleId"]),
    })),
    azureRoles: ofType(childTypes.azureRole).map(({ name: resource, inputs, outputs, id = "" }) => ({
      resource,
      id,
      // An assignment that was taken over has its scope as the provider writes it: without the slash.
      scope: text(inputs["scope"] ?? outputs["scope"]).replace(/^\/?(?=.)/, "/"),
      roleId: lastPart(text(outputs["roleDefinitionId"])).toLowerCase(),
    })),
  };
}

function deployedApplication({ inputs, outputs }: DeployedResource): DeployedApplication {
  return {
    displayName: text(outputs["displayName"]),
    description: text(outputs["description"]),
    serviceManagementReference: text(outputs["serviceManagementReference"]),
    signInAudience: text(outputs["signInAudience"]),
    owners: texts(inputs["owners"])
      .map((id) => id.toLowerCase())
      .sort(),
    requiredAccess: list(inputs["requiredResourceAccesses"]).map((entry) => ({
      api: text(property(entry, "resourceAppId")),
      permissions: list(property(entry, "resourceAccesses")).map((access) => ({
        id: text(property(access, "id")),
        type: text(property(access, "type")),
      })),
    })),
  };
}

function optional<Name extends string>(name: Name, value: unknown): { [N in Name]?: string } {
  return (typeof value === "string" ? { [name]: value } : {}) as { [N in Name]?: string };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function property(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>)[name] : undefined;
}

/** The part behind the last slash of a provider's id. */
function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
