/** Something that is so outside of this project, and on which it rests. */
export interface OutsideFact {
  readonly what: string;
  readonly value: string | number;
  readonly source: string;
  /** Day on which the source was read. */
  readonly readOn: string;
  /** Day from which the source is to be read again. */
  readonly lookAgainOn: string;
}

const readOn = "2026-11-27";
/** For what Microsoft does not change once it is there. */
const inAYear = { readOn, lookAgainOn: "2027-11-27" };
/** For limits and for what is announced to change. */
const inHalfAYear = { readOn, lookAgainOn: "2027-05-27" };
const builtInRoles = "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles";
const entraLimits = "https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions";
const federation = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const permissionIds = "https://learn.microsoft.com/graph/permissions-reference";
const graphDeployments = "https://learn.microsoft.com/graph/deployments";
const controlPlane =
  "https://learn.microsoft.com/azure/azure-resource-manager/management/control-plane-and-data-plane";
const flexibleFederation =
  "https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials";
/** Both pages are to be satisfied: that on setting one up asks for project_id, that on mutable subjects for project_id, namespace_id or user_id. */
const gitlabFederation =
  "https://learn.microsoft.com/entra/workload-id/workload-identities-set-up-flexible-federated-identity-credential; contested by https://learn.microsoft.com/entra/workload-id/workload-identities-federated-credential-mutable-subjects";
const scuba = "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md";
const accessToken = "https://learn.microsoft.com/azure/healthcare-apis/get-access-token";

/** The id of an application permission of Microsoft Graph. */
function permissionId(name: string, value: string): OutsideFact & { readonly value: string } {
  return {
    what: `Id of the application permission ${name} of Microsoft Graph`,
    value,
    source: permissionIds,
    ...inAYear,
  };
}

/**
 * Every fact by its name. What is documented about the permissions of a call stands in dicom-ops' documentedPermissions.json, and what the
 * policies refuse with the policies.
 */
export const outsideFacts = {
  dicomClientId: {
    what: "Client id of the API of the DICOM service, Azure API for DICOM",
    value: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
    source: "https://github.com/maciejporebski/azure-ad-first-party-apps-permissions",
    ...inAYear,
  },
  dicomAudience: {
    what: "Audience of tokens for the DICOM service in the public cloud",
    value: "https://dicom.healthcareapis.azure.com",
    source: accessToken,
    ...inAYear,
  },
  fhirClientId: {
    what: "Client id of the API of the FHIR service, Azure Healthcare APIs",
    value: "4f6778d8-5aef-43dc-a1ff-b073724b9495",
    source:
      "https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/healthcare-apis/azure-api-for-fhir/register-resource-azure-ad-client-app.md",
    ...inAYear,
  },
  dicomDataReader: {
    what: "Azure role DICOM Data Reader",
    value: "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a",
    source: builtInRoles,
    ...inAYear,
  },
  dicomDataOwner: {
    what: "Azure role DICOM Data Owner",
    value: "58a3b984-7adf-4c20-983a-32417c86fbc8",
    source: builtInRoles,
    ...inAYear,
  },
  accessAdministrator: {
    what: "Azure role Role Based Access Control Administrator",
    value: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    source: builtInRoles,
    ...inAYear,
  },
  graphClientId: {
    what: "Client id of Microsoft Graph",
    value: "00000003-0000-0000-c000-000000000000",
    source:
      "https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in",
    ...inAYear,
  },
  exchangeAudience: {
    what: "Audience of federated credentials in the public cloud",
    value: "api://AzureADTokenExchange",
    source: federation,
    ...inAYear,
  },
  exchangeAudienceUsGovernment: {
    what: "Audience of federated credentials in Azure US Government",
    value: "api://AzureADTokenExchangeUSGov",
    source: federation,
    ...inAYear,
  },
  exchangeAudienceChina: {
    what: "Audience of federated credentials in Azure China",
    value: "api://AzureADTokenExchangeChina",
    source: federation,
    ...inAYear,
  },
  longestSecretDays: {
    what: "Longest life of a client secret that the Azure portal offers, in days",
    value: 730,
    source: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
    ...inHalfAYear,
  },
  objectsOfAnIdentity: {
    what: "Objects that an identity without an administrator's role may create, deleted ones that can be restored included",
    value: 250,
    source: entraLimits,
    ...inHalfAYear,
  },
  valuesInAFilter: {
    what: "Values that Microsoft Graph takes in one `in` of a filter",
    value: 15,
    source: "https://learn.microsoft.com/graph/filter-query-parameter",
    ...inHalfAYear,
  },
  temporaryNamePrefix: {
    what: "How the name begins that the azuread provider gives an application for a moment while it creates it",
    value: "TERRAFORM_UPDATE_",
    source: "https://github.com/hashicorp/terraform-provider-azuread/issues/1151",
    ...inHalfAYear,
  },
  azureDevOpsIssuerEndsOn: {
    what: "Day on which the issuer https://vstoken.dev.azure.com of Azure DevOps retires",
    value: "2027-07-01",
    source: "learn.microsoft.com, Azure DevOps workload identity issuer",
    ...inHalfAYear,
  },
  publicLogin: {
    what: "Address of the token endpoint in the public cloud",
    value: "https://login.microsoftonline.com",
    source: graphDeployments,
    ...inHalfAYear,
  },
  publicGraph: {
    what: "Address of Microsoft Graph in the public cloud",
    value: "https://graph.microsoft.com",
    source: graphDeployments,
    ...inHalfAYear,
  },
  publicResourceManager: {
    what: "Address of Azure Resource Manager in the public cloud",
    value: "https://management.azure.com",
    source: controlPlane,
    ...inHalfAYear,
  },
  publicVault: {
    what: "Audience of tokens for key vaults in the public cloud, whose names end in its host",
    value: "https://vault.azure.net",
    source: "https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates",
    ...inHalfAYear,
  },
  governmentLogin: {
    what: "Address of the token endpoint in Azure US Government",
    value: "https://login.microsoftonline.us",
    source: graphDeployments,
    ...inHalfAYear,
  },
  governmentGraph: {
    what: "Address of Microsoft Graph in Azure US Government",
    value: "https://graph.microsoft.us",
    source: graphDeployments,
    ...inHalfAYear,
  },
  governmentResourceManager: {
    what: "Address of Azure Resource Manager in Azure US Government",
    value: "https://management.usgovcloudapi.net",
    source: controlPlane,
    ...inHalfAYear,
  },
  governmentVault: {
    what: "Audience of tokens for key vaults in Azure US Government, whose names end in its host",
    value: "https://vault.usgovcloudapi.net",
    source: "https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure",
    ...inHalfAYear,
  },
  chinaLogin: {
    what: "Address of the token endpoint in Azure China",
    value: "https://login.partner.microsoftonline.cn",
    source: "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud",
    ...inHalfAYear,
  },
  chinaGraph: {
    what: "Address of Microsoft Graph in Azure China",
    value: "https://microsoftgraph.chinacloudapi.cn",
    source: graphDeployments,
    ...inHalfAYear,
  },
  chinaResourceManager: {
    what: "Address of Azure Resource Manager in Azure China",
    value: "https://management.chinacloudapi.cn",
    source: controlPlane,
    ...inHalfAYear,
  },
  chinaVault: {
    what: "Audience of tokens for key vaults in Azure China, whose names end in its host",
    value: "https://vault.azure.cn",
    source: "https://docs.azure.cn/key-vault/about-keys-secrets-and-certificates",
    ...inHalfAYear,
  },
  chinaOldLogin: {
    what: "Other address of the token endpoint in Azure China",
    value: "https://login.chinacloudapi.cn",
    source: graphDeployments,
    ...inHalfAYear,
  },
  githubIssuer: {
    what: "Issuer of the tokens of jobs on github.com",
    value: "https://token.actions.githubusercontent.com",
    source: "https://docs.github.com/actions/reference/security/oidc",
    ...inHalfAYear,
  },
  githubSubjectPrefix: {
    what: "Begin of an immutable subject: repositories created, renamed or transferred since July 2026 have it",
    value: "repo:<owner>@<owner id>/<repository>@<repository id>:",
    source: "https://docs.github.com/actions/reference/security/oidc",
    ...inHalfAYear,
  },
  gitlabIssuer: {
    what: "Issuer of the tokens of jobs on gitlab.com",
    value: "https://gitlab.com",
    source: "https://docs.gitlab.com/ci/cloud_services/azure/",
    ...inHalfAYear,
  },
  terraformCloudIssuer: {
    what: "Issuer of the tokens of HCP Terraform",
    value: "https://app.terraform.io",
    source:
      "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/azure-configuration",
    ...inHalfAYear,
  },
  terraformCloudEuropeIssuer: {
    what: "Issuer of the tokens of HCP Terraform in Europe",
    value: "https://app.eu.terraform.io",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  claimsMatchingVersion: {
    what: "Version of Microsoft Graph with flexible federated credentials (claimsMatchingExpression), a preview: v1.0 refuses them, and breaks off its list of an application that has one",
    value: "beta",
    source: "https://github.com/Azure/azure-workload-identity/issues/373",
    ...inHalfAYear,
  },
  gitlabIssuersUnderCom: {
    what: "Issuers of a GitLab of one's own whose tokens Entra matches by claims",
    value: "https://gitlab.*.com",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  gitlabIssuersUnderCa: {
    what: "Issuers of a GitLab of one's own in Canada whose tokens Entra matches by claims",
    value: "https://gitlab.*.ca",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  githubMatchedClaims: {
    what: "Claims of GitHub's tokens that an expression may compare, and how",
    value: "sub (eq, matches), job_workflow_ref (eq, matches), repository_id (eq), repository_owner_id (eq)",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  githubRequiredClaims: {
    what: "Claims of GitHub's tokens that an expression must compare",
    value: "sub, repository_id or repository_owner_id",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  gitlabMatchedClaims: {
    what: "Claims of GitLab's tokens that an expression may compare, and how; the last two on one page alone",
    value: "sub (eq, matches), project_id (eq), namespace_id (eq), user_id (eq)",
    source: gitlabFederation,
    ...inHalfAYear,
  },
  gitlabRequiredClaims: {
    what: "Claims of GitLab's tokens that an expression must compare; by one page, namespace_id or user_id would do for project_id",
    value: "sub, project_id",
    source: gitlabFederation,
    ...inHalfAYear,
  },
  terraformCloudMatchedClaims: {
    what: "Claims of HCP Terraform's tokens that an expression may compare, and how",
    value: "sub (eq, matches)",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  terraformCloudRequiredClaims: {
    what: "Claims of HCP Terraform's tokens that an expression must compare",
    value: "sub",
    source: flexibleFederation,
    ...inHalfAYear,
  },
  azureDevOpsIssuer: {
    what: "Issuer of Azure DevOps that retires",
    value: "https://vstoken.dev.azure.com",
    source: "learn.microsoft.com, Azure DevOps workload identity issuer",
    ...inHalfAYear,
  },
  federatedCredentialsOfApplication: {
    what: "Federated credentials that an application may have",
    value: 20,
    source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
    ...inHalfAYear,
  },
  systemAssignedIdentity: {
    what: "Alternative name of the service principal of a system-assigned managed identity, which can have no federated credentials; beside it stands the resource id",
    value: "isExplicit=False",
    source:
      "https://learn.microsoft.com/azure/role-based-access-control/transfer-subscription and https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity",
    readOn: "2026-11-28",
    lookAgainOn: "2027-11-28",
  },
  identityCredentialsVersion: {
    what: "Version of Azure Resource Manager that lists the federated credentials of a managed identity also when they match claims (claimsMatchingExpression), a preview",
    value: "2025-01-31-preview",
    source:
      "https://learn.microsoft.com/azure/templates/microsoft.managedidentity/userassignedidentities/federatedidentitycredentials",
    readOn: "2026-11-28",
    lookAgainOn: "2027-05-28",
  },
  managedIdentityType: {
    what: "Type (servicePrincipalType) of the service principal of a managed identity",
    value: "ManagedIdentity",
    source: "https://learn.microsoft.com/graph/api/resources/serviceprincipal",
    ...inAYear,
  },
  roleHolderType: {
    what: "Type (principalType) of the holder of an Azure role that is a service principal, of an application or a managed identity",
    value: "ServicePrincipal",
    source:
      "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template#new-service-principal",
    ...inAYear,
  },
  machineIdentityEndpoint: {
    what: "Address at which a virtual machine gets the tokens of its managed identities",
    value: "http://169.254.169.254/metadata/identity/oauth2/token",
    source:
      "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token",
    ...inAYear,
  },
  scubaSecretDays: {
    what: "Longest life of an application's secret in CISA's SCuBA baseline, MS.AAD.5.6v1, in days",
    value: 180,
    source: scuba,
    ...inHalfAYear,
  },
  scubaCertificateDays: {
    what: "Longest life of an application's certificate in CISA's SCuBA baseline, MS.AAD.5.7v1, in days",
    value: 365,
    source: scuba,
    ...inHalfAYear,
  },
  owner: {
    what: "Azure role Owner",
    value: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    source: builtInRoles,
    ...inAYear,
  },
  contributor: {
    what: "Azure role Contributor",
    value: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    source: builtInRoles,
    ...inAYear,
  },
  userAccessAdministrator: {
    what: "Azure role User Access Administrator",
    value: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    source: builtInRoles,
    ...inAYear,
  },
  vaultAccessAdministrator: {
    what: "Azure role Key Vault Data Access Administrator",
    value: "8b54135c-b56d-4d72-a534-26097cfdc8d8",
    source: builtInRoles,
    ...inAYear,
  },
  resourceManagerClientId: {
    what: "Client id of Azure Resource Manager",
    value: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    source:
      "https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in",
    ...inAYear,
  },
  vaultClientId: {
    what: "Client id of Azure Key Vault",
    value: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    source:
      "https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in",
    ...inAYear,
  },
  applicationReadAll: permissionId("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
  delegatedPermissionGrantReadAll: permissionId(
    "DelegatedPermissionGrant.Read.All",
    "81b4724a-58aa-41c1-8a55-84ef97466587",
  ),
  organizationReadAll: permissionId("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
  userReadAll: permissionId("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
  auditLogReadAll: permissionId("AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"),
  policyReadAll: permissionId("Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68"),
  customSecAttributeAssignmentReadAll: permissionId(
    "CustomSecAttributeAssignment.Read.All",
    "3b37c5a4-1226-493d-bec3-5d6c6b866f3f",
  ),
  directoryReadAll: permissionId("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
  applicationReadWriteOwnedBy: permissionId(
    "Application.ReadWrite.OwnedBy",
    "18a4783c-866b-4cc7-a460-3d5e5662c884",
  ),
  delegatedPermissionGrantReadWriteAll: permissionId(
    "DelegatedPermissionGrant.ReadWrite.All",
    "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  ),
  appRoleAssignmentReadWriteAll: permissionId(
    "AppRoleAssignment.ReadWrite.All",
    "06b708a9-e830-4db3-a914-8e69da51d44f",
  ),
  applicationReadWriteAll: permissionId("Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
  directoryReadWriteAll: permissionId("Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"),
} as const satisfies Readonly<Record<string, OutsideFact>>;
