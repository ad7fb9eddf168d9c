import type { AppRole, PermissionScope } from "@microsoft/microsoft-graph-types";
import type { PublishedApplication } from "../state/records";

/** The tenant in which Microsoft registers its first-party applications. */
const microsoftTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** An application of Microsoft's that a tenant knows as a service principal only. */
export interface FirstPartyApplication {
  readonly appId: string;
  /** Object id of its service principal in the seeded tenant. */
  readonly servicePrincipalId: string;
  /** Resource provider whose registration brings the service principal into the tenant. */
  readonly resourceProvider: string | null;
  readonly published: PublishedApplication;
}

/** Client ids of the first-party applications, as in the public cloud. */
export const firstPartyAppIds = {
  microsoftGraph: "00000003-0000-0000-c000-000000000000",
  azureResourceManager: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
  azureKeyVault: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
  azureStorage: "e406a681-f3d4-42a8-90b6-c2b029497af1",
  dicom: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
  healthcareApis: "4f6778d8-5aef-43dc-a1ff-b073724b9495",
} as const;

const healthcare = "Microsoft.HealthcareApis";

function role(id: string, value: string, description: string): AppRole {
  return {
    allowedMemberTypes: ["Application"],
    description,
    displayName: description,
    id,
    isEnabled: true,
    origin: "Application",
    value,
  };
}

function scope(id: string, value: string, description: string): PermissionScope {
  return {
    adminConsentDescription: description,
    adminConsentDisplayName: description,
    id,
    isEnabled: true,
    type: "User",
    userConsentDescription: null,
    userConsentDisplayName: null,
    value,
  };
}

function published(
  displayName: string,
  servicePrincipalNames: readonly string[],
  oauth2PermissionScopes: readonly PermissionScope[] = [],
  appRoles: readonly AppRole[] = [],
): PublishedApplication {
  return {
    displayName,
    ownerTenantId: microsoftTenantId,
    signInAudience: "AzureADMultipleOrgs",
    servicePrincipalNames,
    appRoles,
    oauth2PermissionScopes,
  };
}

/**
 * The first-party applications that the sandbox tenant knows. Ids, names, scopes and roles are those of the public cloud
 * (github.com/maciejporebski/azure-ad-first-party-apps-permissions, Microsoft Graph permissions reference); the texts of
 * permissions are shortened, and of long lists only what callers here may need is present.
 */
export const firstPartyApplications: readonly FirstPartyApplication[] = [
  {
    appId: firstPartyAppIds.microsoftGraph,
    servicePrincipalId: "a0000000-0000-4000-8000-000000000001",
    resourceProvider: null,
    published: published(
      "Microsoft Graph",
      [
        "https://graph.microsoft.com",
        "https://graph.microsoft.com/",
        "https://dod-graph.microsoft.us",
        "https://graph.microsoft.us",
      ],
      [
        scope("e1fe6dd8-ba31-4d61-89e7-88639da4683d", "User.Read", "Sign in and read user profile"),
        scope(
          "bdfbf15f-ee85-4955-8675-146e8e5296b5",
          "Application.ReadWrite.All",
          "Read and write applications",
        ),
        scope(
          "0e263e50-5827-48a4-b97c-d940288653c7",
          "Directory.AccessAsUser.All",
          "Access directory as the signed in user",
        ),
      ],
      [
        role(
          "18a4783c-866b-4cc7-a460-3d5e5662c884",
          "Application.ReadWrite.OwnedBy",
          "Manage apps that this app creates or owns",
        ),
        role("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Application.Read.All", "Read all applications"),
        role("b0afded3-3588-46d8-8b3d-9842eff778da", "AuditLog.Read.All", "Read all audit log data"),
        role(
          "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
          "Application.ReadWrite.All",
          "Read and write all applications",
        ),
        role(
          "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
          "DelegatedPermissionGrant.ReadWrite.All",
          "Manage all delegated permission grants",
        ),
        role(
          "81b4724a-58aa-41c1-8a55-84ef97466587",
          "DelegatedPermissionGrant.Read.All",
          "Read all delegated permission grants",
        ),
        role(
          "06b708a9-e830-4db3-a914-8e69da51d44f",
          "AppRoleAssignment.ReadWrite.All",
          "Manage app permission grants and app role assignments",
        ),
        role(
          "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
          "RoleManagement.Read.Directory",
          "Read all directory RBAC settings",
        ),
        role(
          "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
          "RoleManagement.ReadWrite.Directory",
          "Read and write all directory RBAC settings",
        ),
        role("7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All", "Read directory data"),
        role(
          "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
          "Directory.ReadWrite.All",
          "Read and write directory data",
        ),
        role("df021288-bdef-4463-88db-98f22de89214", "User.Read.All", "Read all users' full profiles"),
        role(
          "498476ce-e0fe-48b0-b801-37ba7e2685c6",
          "Organization.Read.All",
          "Read organization information",
        ),
        role(
          "3b37c5a4-1226-493d-bec3-5d6c6b866f3f",
          "CustomSecAttributeAssignment.Read.All",
          "Read custom security attribute assignments",
        ),
        role("246dd0d5-5bd0-4def-940b-0421030a5b68", "Policy.Read.All", "Read your organization's policies"),
        role(
          "be74164b-cff1-491c-8741-e671cb536e13",
          "Policy.ReadWrite.ApplicationConfiguration",
          "Read and write your organization's application configuration policies",
        ),
      ],
    ),
  },
  {
    appId: firstPartyAppIds.azureResourceManager,
    servicePrincipalId: "a0000000-0000-4000-8000-000000000002",
    resourceProvider: null,
    published: published(
      "Windows Azure Service Management API",
      [
        "https://management.azure.com",
        "https://management.azure.com/",
        "https://management.core.windows.net",
        "https://management.core.windows.net/",
      ],
      [
        scope(
          "41094075-9dad-400e-a0bd-54e686782033",
          "user_impersonation",
          "Access Azure Service Management as organization users",
        ),
      ],
    ),
  },
  {
    appId: firstPartyAppIds.azureKeyVault,
    servicePrincipalId: "a0000000-0000-4000-8000-000000000003",
    resourceProvider: null,
    published: published(
      "Azure Key Vault",
      ["https://vault.azure.net", "https://vault.azure.net/"],
      [
        scope(
          "f53da476-18e3-4152-8e01-aec403e6edc0",
          "user_impersonation",
          "Have full access to the Azure Key Vault service",
        ),
      ],
    ),
  },
  {
    appId: firstPartyAppIds.azureStorage,
    servicePrincipalId: "a0000000-0000-4000-8000-000000000008",
    resourceProvider: null,
    published: published(
      "Azure Storage",
      ["https://storage.azure.com", "https://storage.azure.com/"],
      [scope("03e0da56-190b-40ad-a80c-ea378c433f7f", "user_impersonation", "Access Azure Storage")],
    ),
  },
  {
    appId: firstPartyAppIds.dicom,
    servicePrincipalId: "a0000000-0000-4000-8000-000000000004",
    resourceProvider: healthcare,
    published: published(
      "Azure API for DICOM",
      ["https://dicom.healthcareapis.azure.com", "https://dicom.healthcareapis.azure.com/"],
      [scope("e69ab058-b8ae-4c0f-b687-5d97888ddccb", "Dicom.ReadWrite", "Read and write DICOM data")],
    ),
  },
  {
    appId: firstPartyAppIds.healthcareApis,
    servicePrincipalId: "a0000000-0000-4000-8000-000000000005",
    resourceProvider: healthcare,
    published: published(
      "Azure Healthcare APIs",
      ["https://azurehealthcareapis.com", "https://fhir.azurehealthcareapis.com"],
      [scope("db75143a-8f20-4238-9450-8b73ef4992f4", "user_impersonation", "Access Azure Healthcare APIs")],
      [
        role("bea2566c-7172-42d0-a06a-0e2e2b58f084", "system.all.all", "Read and write all FHIR resources"),
        role("a44c4c64-cdb5-48fc-adbd-070df4852b2c", "system.all.read", "Read all FHIR resources"),
        role("7f08bce5-b21b-4518-b783-c69c9c0cd658", "offline_access", "Keep access to FHIR resources"),
      ],
    ),
  },
];

export function firstPartyApplication(appId: string): FirstPartyApplication | undefined {
  return firstPartyApplications.find((application) => application.appId === appId.toLowerCase());
}
