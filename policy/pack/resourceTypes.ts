/**
 * Type tokens of the resources that policies look at, as the azuread provider spells them today. Tokens, not classes, keep the
 * provider packages out of the pack.
 */
export const types = {
  application: "azuread:index/application:Application",
  applicationRegistration: "azuread:index/applicationRegistration:ApplicationRegistration",
  apiAccess: "azuread:index/applicationApiAccess:ApplicationApiAccess",
  redirectUris: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  fallbackPublicClient: "azuread:index/applicationFallbackPublicClient:ApplicationFallbackPublicClient",
  applicationPassword: "azuread:index/applicationPassword:ApplicationPassword",
  applicationCertificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  federatedCredential:
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  flexibleFederatedCredential:
    "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  servicePrincipalPassword: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
  servicePrincipalCertificate: "azuread:index/servicePrincipalCertificate:ServicePrincipalCertificate",
  tokenSigningCertificate:
    "azuread:index/servicePrincipalTokenSigningCertificate:ServicePrincipalTokenSigningCertificate",
  delegatedGrant:
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  directoryRoleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  directoryRoleEligibility:
    "azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest",
  directoryRoleMember: "azuread:index/directoryRoleMember:DirectoryRoleMember",
  administrativeUnitRoleMember: "azuread:index/administrativeUnitRoleMember:AdministrativeUnitRoleMember",
  azureRoleAssignment: "azure-native:authorization:RoleAssignment",
  azureRoleDefinition: "azure-native:authorization:RoleDefinition",
  vaultSecret: "azure-native:keyvault:Secret",
} as const;

/** A type token, taken apart. */
interface TypeToken {
  /** The package, without the version that azure-native puts behind it for a single API. */
  readonly provider: string;
  /** The module, without the version or the name of the resource behind it. */
  readonly module: string;
  readonly name: string;
}

function parseType(type: string): TypeToken {
  const [provider = "", module = "", name = ""] = type.split(":");
  return {
    provider: provider.replace(/^(azure-native)_.*/, "$1"),
    module: module.split("/")[0] ?? "",
    name,
  };
}

/**
 * A type token in today's spelling, so that a policy knows a resource whoever declares it: the short form, the versions of
 * azure-native's APIs, and the Entra resources of the classic provider's first releases are spelled as {@link types} does.
 */
export function canonicalType(type: string): string {
  const { provider, module, name } = parseType(type);
  if (provider === "azuread" || (provider === "azure" && module === "ad")) {
    return `azuread:index/${name.slice(0, 1).toLowerCase()}${name.slice(1)}:${name}`;
  }
  return provider === "azure-native" || provider === "azure-nextgen"
    ? `azure-native:${module}:${name}`
    : type;
}

/** Providers whose resources are objects in Entra; the second speaks Microsoft Graph itself. */
const entraProviders = ["azuread", "msgraph"];

/** Whether a resource is an object in Entra. */
export function isEntraResource(type: string): boolean {
  return entraProviders.includes(parseType(canonicalType(type)).provider);
}

/**
 * How an Azure role is given: for good, or by Privileged Identity Management (PIM), for a time or on activation. A request to PIM may
 * also take a role away.
 */
export type AzureRoleKind = "assignment" | "schedule" | "request";

/**
 * By provider and module, the resources that give an Azure role. The classic provider is known by both of its names and, as
 * azurerm, by the one that Terraform's own provider has as a Pulumi package.
 */
const azureRoleResources: Readonly<Record<string, Readonly<Record<string, AzureRoleKind>>>> = {
  "azure-native:authorization": {
    RoleAssignment: "assignment",
    RoleAssignmentSchedule: "schedule",
    RoleAssignmentScheduleRequest: "request",
    RoleEligibilitySchedule: "schedule",
    RoleEligibilityScheduleRequest: "request",
    PimRoleAssignmentSchedule: "schedule",
    PimRoleEligibilitySchedule: "schedule",
  },
  "azure:authorization": { Assignment: "assignment" },
  "azure:role": { Assignment: "assignment" },
  "azure:marketplace": { RoleAssignment: "assignment" },
  "azure:pim": { ActiveRoleAssignment: "schedule", EligibleRoleAssignment: "schedule" },
  "azurerm:index": {
    RoleAssignment: "assignment",
    MarketplaceRoleAssignment: "assignment",
    PimActiveRoleAssignment: "schedule",
    PimEligibleRoleAssignment: "schedule",
  },
};

/** The same of the resources that define one. */
const azureRoleDefinitions: readonly string[] = [
  "azure-native:authorization:RoleDefinition",
  "azure:authorization:RoleDefinition",
  "azure:role:Definition",
  "azurerm:index:RoleDefinition",
];

/** How a resource gives an Azure role, of whatever provider and version of its API; undefined when it gives none. */
export function azureRoleKind(type: string): AzureRoleKind | undefined {
  const { provider, module, name } = parseType(canonicalType(type));
  const ofModule = azureRoleResources[`${provider}:${module}`] ?? {};
  return Object.hasOwn(ofModule, name) ? ofModule[name] : undefined;
}

/** Whether a resource defines an Azure role, of whatever provider and version of its API. */
export function definesAzureRole(type: string): boolean {
  const { provider, module, name } = parseType(canonicalType(type));
  return azureRoleDefinitions.includes(`${provider}:${module}:${name}`);
}

/** Whether a resource gives an Azure role. */
export function givesAzureRole(type: string): boolean {
  return azureRoleKind(type) !== undefined;
}

/** Requests to Privileged Identity Management by which nobody is given anything. */
const takingAway = ["AdminRemove", "SelfDeactivate"];

/** Whether a resource takes an Azure role away. Nothing but a request has that property; a provider passes over it anywhere else. */
export function takesAzureRoleAway(type: string, requestType: string | undefined): boolean {
  return azureRoleKind(type) === "request" && takingAway.includes(requestType ?? "");
}
