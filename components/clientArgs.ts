import type { Input, Output } from "@pulumi/pulumi";

// Made by `npm run schema` from the schemas of the children and from outputs.ts; do not edit.

/** Arguments of the component. */
export interface DicomServiceClientArgs {
  /**
   * Name shown in the portal, unique in the tenant, without an apostrophe (`'`). With `application:
   * none`, only a name in this stack; 1 to 256 characters. Required. Example: `Imaging gateway (dev)`.
   * Source: https://learn.microsoft.com/graph/api/resources/application (displayName).
   */
  displayName: Input<string>;
  /**
   * What the client is for; 1 to 1024 characters. Default none. Example: `Finds and reads studies for the
   * hospital's viewers`. Source: https://learn.microsoft.com/graph/api/resources/application
   * (description).
   */
  description?: Input<string>;
  /**
   * Object ids of further owners, users or service principals. The deploying identity is always an owner,
   * because `Application.ReadWrite.OwnedBy` lets it manage only what it owns. Default none. Example:
   * `["00000000-0000-0000-0000-000000000000"]`. Source:
   * https://learn.microsoft.com/graph/permissions-reference (Application.ReadWrite.OwnedBy).
   */
  owners?: Input<Input<string>[]>;
  /**
   * Reference into a service or asset management database; 1 to 256 characters. Default none. Example:
   * `CMDB-4711`. Source: https://learn.microsoft.com/graph/api/resources/application
   * (serviceManagementReference).
   */
  serviceManagementReference?: Input<string>;
  /**
   * Azure roles on DICOM services. Default: none, with which the service refuses every call of the client
   * with 403. Example: `[{ dicomService: "/subscriptions/…/workspaces/hospital/dicomservices/pacs", role:
   * "reader" }]`. Source:
   * https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-configure-azure-rbac
   */
  access?: ClientAccess[];
  /**
   * Who gives the tenant-wide consent: `managed` (this stack), `external` (an administrator, by URL) or
   * `none`. Default `managed`. Example: `external`. Source:
   * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
   */
  consent?: "managed" | "external" | "none";
  /**
   * Permissions of further APIs, besides the DICOM scope. With `consent: managed`, the stack consents to
   * them as well. Default: the client asks for the DICOM scope alone. Example: `[{ api: "fhir", roles:
   * ["system.all.read"] }]`. Source:
   * https://learn.microsoft.com/azure/healthcare-apis/register-application
   */
  permissions?: ApiPermission[];
  /**
   * Schedule of the client secrets. Default: the client gets no secret. Example: `{ from: "2026-11-23"
   * }`. Source: https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials
   */
  secret?: SecretSchedule;
  /**
   * Certificates that the client may sign in with, instead of or in addition to a secret. Default none.
   * Example: `[{ name: "gateway", pem: "…" }]`. Source:
   * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
   */
  certificates?: ClientCertificate[];
  /**
   * Where the consumer runs, for the federated credentials that fit: the client needs no secret then. One
   * place or several. Default none. Example: `{ githubActions: { repository:
   * "contoso@123456/pacs@456789", environment: "dev" } }`. Source:
   * https://learn.microsoft.com/entra/workload-id/workload-identity-federation
   */
  runsOn?: RunsOn;
  /**
   * `none` gives the Azure roles straight to the managed identity that `runsOn` names, with its
   * `clientId`. The client has nothing then that belongs to an application. Default: the client has an
   * application. Example: `none`. Source:
   * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-assign-access-azure-resource
   */
  application?: "none";
  /**
   * Issuers whose tokens the client may sign in with, instead of or in addition to a secret; at most 20.
   * Default none. Example: `[{ name: "github-dev", issuer: "https://token.actions.githubusercontent.com",
   * subject: "repo:contoso@123456/pacs@456789:environment:dev" }]`. Source:
   * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
   */
  federatedCredentials?: FederatedCredential[];
  /**
   * `none` states that the client is meant to have no secret, certificate or federation. Default: such a
   * client is refused. Example: `none`.
   */
  credentials?: "none";
  /**
   * Key vault that the current secret is written to. Default: the secret is in the stack's outputs only.
   * Example: `{ id: "/subscriptions/…/vaults/kv-imaging", secretName: "imaging-gateway-dicom" }`. Source:
   * https://github.com/Azure/KeyVault-Secrets-Rotation-AADApp-PowerShell (tags and expiry).
   */
  vault?: SecretVault;
  /**
   * Whether Pulumi refuses to delete the client: its application, service principal, consent and roles.
   * Secrets, certificates and federated credentials still rotate, and a refused destroy leaves them
   * alone. Default `false`. Example: `true`.
   */
  protect?: boolean;
  /** The UTC day that counts as today for the schedule. Default: today. Example: `2026-11-23`. */
  asOf?: string;
  /**
   * The DICOM service's API, if it differs from the public cloud's. Default: the public cloud's. Example:
   * `{ audience: "https://dicom.example.us" }`. Source:
   * https://learn.microsoft.com/azure/healthcare-apis/get-access-token
   */
  api?: DicomApiSettings;
  /**
   * What `readTenantContext` returned, to read the tenant once for many clients. Default: read for this
   * client. Example: `await readTenantContext(completeDicomApi({}))`.
   */
  tenant?: Input<TenantContext>;
}

/**
 * An Azure role of the client on a DICOM service. Without one, a token is issued but the service
 * refuses every call with 403: application permissions and consent do not open the data of a DICOM
 * service to a service client.
 */
export interface ClientAccess {
  /**
   * Resource id of the DICOM service. Default none. Example:
   * `/subscriptions/…/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital/dicomservices/pacs`.
   */
  dicomService?: string;
  /**
   * Instead of one service: resource id of a health workspace, for all its DICOM services, future ones
   * included. Default none.
   */
  workspace?: string;
  /**
   * `reader` (DICOM Data Reader), `owner` (DICOM Data Owner), `uploader` (a custom role that comes with
   * the client and may store, but neither read nor delete), or the GUID of a custom role definition that
   * is assignable in the subscription. Default `reader`.
   */
  role?: string;
  /**
   * Data partition that the client works in, of a DICOM service that has them. Azure roles count for the
   * whole service: this is where the client looks and is verified, not a limit. Default
   * `Microsoft.Default`. Source: https://learn.microsoft.com/azure/healthcare-apis/dicom/data-partitions
   */
  partition?: string;
  /**
   * Name (a GUID) of an existing role assignment to take over: Azure cannot rename an assignment and
   * refuses a second one of the same role. Default: computed from what is assigned. Source:
   * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (RoleAssignmentExists).
   */
  assignmentName?: string;
}

/** Permissions of one further API that the client asks for, beside those of the DICOM service. */
export interface ApiPermission {
  /**
   * `fhir` for the FHIR service ("Azure Healthcare APIs"), or the client id of any other API's
   * application. Required. Example: `fhir`.
   */
  api: string;
  /** Names of delegated scopes. Default none. Example: `["user_impersonation"]`. */
  scopes?: string[];
  /** Names of application permissions (app roles). Default none. Example: `["system.all.read"]`. */
  roles?: string[];
}

/**
 * When client secrets are issued and when they end. Generation k starts `k · (lifetimeDays −
 * overlapDays)` days after `from` and lives `lifetimeDays` days, so two generations overlap while
 * consumers move from one to the next.
 */
export interface SecretSchedule {
  /**
   * First day of the first secret, as a UTC date, which YAML wants in quotes. It anchors the schedule and
   * may not be in the future. Required. Example: `2026-11-23`.
   */
  from: string;
  /**
   * How many days one secret lives; 2 to 730. Default `180`. Source:
   * https://learn.microsoft.com/azure/healthcare-apis/register-application
   */
  lifetimeDays?: number;
  /**
   * How many days two successive secrets are both valid, at most half the lifetime. Run `pulumi up` and
   * let consumers read the published value at least once in this time; 1 to 365. Default `30`.
   */
  overlapDays?: number;
  /**
   * Counter; increase it to replace every declared secret at once, for instance after a leak; 0 or more.
   * Default `0`.
   */
  reissue?: number;
  /**
   * First day of the newest secret that nobody uses any more, as a UTC date: this one and those before it
   * are not declared, although they may still be valid. `dicom-ops retire --apply` writes it. The current
   * secret cannot be retired. Default: none. Example: `2026-11-23`.
   */
  retired?: string;
}

/** A certificate that the client may sign in with, instead of or in addition to a secret. */
export interface ClientCertificate {
  /**
   * Name of the certificate, unique in the client: lower-case letters, digits and hyphens, at most 50.
   * Required. Example: `gateway`.
   */
  name: string;
  /** The client's own certificate in PEM, without its chain and without its private key. Required. */
  pem: string;
  /**
   * UTC day from the start of which the certificate is no longer accepted. Default: when the certificate
   * itself ends.
   */
  expiresOn?: string;
}

/**
 * Where the consumer of a client runs. The federated credentials follow from it; their names begin with
 * `runs-on-`.
 */
export interface RunsOn {
  /**
   * On a resource of Azure that has a user-assigned managed identity. Default none. Source:
   * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
   */
  managedIdentity?: ManagedIdentityPlace;
  /**
   * In Azure Kubernetes Service, or another cluster whose issuer Entra can reach. Default none. Source:
   * https://learn.microsoft.com/azure/aks/workload-identity-overview
   */
  aks?: AksPlace;
  /** In GitHub Actions. Default none. Source: https://docs.github.com/actions/reference/security/oidc */
  githubActions?: GithubActionsPlace;
  /**
   * In Azure Pipelines, through a service connection. Default none. Source:
   * https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
   */
  azureDevOps?: AzureDevOpsPlace;
  /**
   * In GitLab CI. The job asks for a token with the cloud's audience, by `aud` under `id_tokens`. Default
   * none. Source: https://docs.gitlab.com/ci/cloud_services/azure/
   */
  gitlab?: GitlabPlace;
  /**
   * In HCP Terraform or Terraform Enterprise, when it plans and when it applies. Default none. Source:
   * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/azure-configuration
   */
  terraformCloud?: TerraformCloudPlace;
  /**
   * On premises, with an identity from SPIFFE. Default none. Source:
   * https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
   */
  spiffe?: SpiffePlace;
}

/** A user-assigned managed identity in Azure. */
export interface ManagedIdentityPlace {
  /** Tenant of the identity, which must be the client's. Required. */
  tenantId: string;
  /**
   * Object id of the service principal of a user-assigned identity. `az identity show --query "{tenantId:
   * tenantId, principalId: principalId, clientId: clientId}"` shows all three. Required.
   */
  principalId: string;
  /**
   * Client id of the identity, with which consumers ask for its tokens. Only with `application: none`.
   * Default: consumers sign in with the client id of the application.
   */
  clientId?: string;
}

/** A service account of a Kubernetes cluster. */
export interface AksPlace {
  /** OIDC issuer of the cluster, as `az aks show --query oidcIssuerProfile.issuerUrl` shows it. Required. */
  issuer: string;
  /** Namespace of the service account; 1 to 63 characters. Required. */
  namespace: string;
  /** Name of the service account that the pods have; 1 to 253 characters. Required. */
  serviceAccount: string;
}

/** Jobs of a repository on GitHub. */
export interface GithubActionsPlace {
  /**
   * Repository with the ids of its owner and of itself, which nobody can take over. Repositories that
   * send names alone need federatedCredentials. Required. Example: `contoso@123456/pacs@456789`.
   */
  repository: string;
  /** Environment of the job; 1 to 255 characters. Default none. */
  environment?: string;
  /** Instead of an environment: branch of a job without environment; 1 to 255 characters. Default none. */
  branch?: string;
}

/** A service connection of Azure DevOps. */
export interface AzureDevOpsPlace {
  /** Issuer, as the service connection shows it. Required. */
  issuer: string;
  /** Subject identifier, as the service connection shows it; 1 to 600 characters. Required. */
  subject: string;
}

/** Jobs of a branch on GitLab. */
export interface GitlabPlace {
  /** Project with its groups. Required. Example: `contoso/pacs`. */
  project: string;
  /** Branch that the job runs on; 1 to 255 characters. Required. */
  branch: string;
  /** Address of the GitLab instance. Default `https://gitlab.com`. */
  url?: string;
}

/** Runs of a workspace in HCP Terraform. */
export interface TerraformCloudPlace {
  /** Name of the organization; 1 to 90 characters. Required. */
  organization: string;
  /** Name of the project; 1 to 90 characters. Required. */
  project: string;
  /** Name of the workspace; 1 to 90 characters. Required. */
  workspace: string;
  /** Address of Terraform Enterprise. Default `https://app.terraform.io`. */
  url?: string;
}

/** A workload with a SPIFFE id. */
export interface SpiffePlace {
  /** Address of SPIRE's OIDC discovery provider, which Entra must be able to reach. Required. */
  issuer: string;
  /**
   * SPIFFE id of the workload: trust domain and path. Required. Example:
   * `spiffe://hospital.example/imaging/gateway`.
   */
  id: string;
}

/**
 * Trust in tokens of another issuer, such as a pipeline's or a Kubernetes cluster's: the client needs
 * no secret then.
 */
export interface FederatedCredential {
  /**
   * Name of the credential, unique in the client: 3 to 120 letters, digits, `-` and `_`. Required.
   * Example: `github-dev`.
   */
  name: string;
  /**
   * Previous name of the credential, needed to rename it: Entra cannot rename one, and allows its issuer
   * and subject only once, so the old one must be known to be deleted before the new one is created.
   * Default none.
   */
  formerName?: string;
  /** Issuer of the tokens. Required. Example: `https://token.actions.githubusercontent.com`. */
  issuer: string;
  /**
   * Subject of the tokens, compared exactly; 1 to 600 characters. Default: claimsMatchingExpression says
   * whose tokens. Example: `repo:contoso@123456/pacs@456789:environment:dev`.
   */
  subject?: string;
  /**
   * Instead of a subject: what claims of the tokens must be (flexible federated credential, a preview),
   * for GitHub, GitLab and HCP Terraform. A credential that had a subject needs another name; 1 to 600
   * characters. Default: subject says whose tokens. Example: `claims['sub'] matches
   * 'repo:contoso@123456/pacs@456789:ref:refs/heads/*' and claims['repository_id'] eq '456789'`. Source:
   * https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
   */
  claimsMatchingExpression?: string;
  /**
   * Audience of the tokens: `api://AzureADTokenExchange`, `api://AzureADTokenExchangeUSGov`,
   * `api://AzureADTokenExchangeChina`; 1 to 600 characters. Default: that of the cloud, by
   * `api.loginUrl`; `api://AzureADTokenExchange` in the public one.
   */
  audience?: string;
  /** What it is for; 1 to 600 characters. Default none. */
  description?: string;
}

/** A Key Vault secret that holds the client's current secret, for consumers to read. */
export interface SecretVault {
  /**
   * Resource id of the key vault. It must lie in the subscription that the azure-native provider works
   * in. Required. Example:
   * `/subscriptions/…/resourceGroups/imaging/providers/Microsoft.KeyVault/vaults/kv`.
   */
  id: string;
  /**
   * Name of the Key Vault secret: 1 to 127 letters, digits and hyphens. Required. Example:
   * `imaging-gateway-dicom`.
   */
  secretName: string;
  /** Whether the value also stays among the stack's outputs. Default `true`. */
  export?: boolean;
}

/**
 * The DICOM service's API in one cloud. In clouds other than the public one `clientId`, `audience`,
 * `loginUrl` and `dicomServiceUrl` must be given, because Microsoft does not publish them.
 */
export interface DicomApiSettings {
  /**
   * Client id of the first-party application, in the public cloud Azure API for DICOM. Default
   * `75e725bf-66ce-4cea-9b9a-5c4caae57f33`.
   */
  clientId?: string;
  /** Audience of the tokens. Default `https://dicom.healthcareapis.azure.com`. */
  audience?: string;
  /**
   * Name of the delegated scope to request and to consent to; 1 to 120 characters. Default
   * `Dicom.ReadWrite`.
   */
  scope?: string;
  /** Base address of the token endpoint. Default `https://login.microsoftonline.com`. */
  loginUrl?: string;
  /**
   * Address of a DICOM service, with `{workspace}` and `{service}` in the place of their names. Default
   * `https://{workspace}-{service}.dicom.azurehealthcareapis.com`.
   */
  dicomServiceUrl?: string;
}

/**
 * What a client needs to know of the tenant that it is created in. Read once, it serves any number of
 * clients.
 */
export interface TenantContext {
  /** Directory (tenant) id. Required. */
  tenantId: string;
  /**
   * Object id of the identity that deploys; it stays an owner so that it may manage what it creates.
   * Required.
   */
  deployingIdentityId: string;
  /** The resource APIs by the client ids of their applications. Required. */
  apis: Record<string, ResourceApi>;
}

/** A resource API as the tenant knows it. */
export interface ResourceApi {
  /** Object id of its service principal. Required. */
  servicePrincipalId: string;
  /** Ids of its delegated scopes by their names. Required. */
  scopeIds: Record<string, string>;
  /** Ids of its app roles by their names. Required. */
  roleIds: Record<string, string>;
}

/** What a client puts out. */
export interface ClientOutputs {
  /**
   * Application (client) id: what consumers sign in with. With `application: none`, that of the managed
   * identity.
   */
  readonly clientId: Output<string>;
  /** Object id of the application, if there is one. */
  readonly objectId: Output<string | undefined>;
  /** Object id of the service principal. With `application: none`, that of the managed identity. */
  readonly servicePrincipalId: Output<string>;
  /** Directory (tenant) id. */
  readonly tenantId: Output<string>;
  /** Audience of the tokens that the DICOM service accepts. */
  readonly audience: Output<string>;
  /** What to ask the token endpoint for: the audience followed by `/.default`. */
  readonly scope: Output<string>;
  /** Address of the token endpoint. */
  readonly tokenUrl: Output<string>;
  /** Addresses of the DICOM services that `access` names. */
  readonly dicomServiceUrls: Output<string[]>;
  /**
   * By address, the data partitions that `access` names, if any: requests go to
   * `<address>/v2/partitions/<partition>/studies`.
   */
  readonly dicomPartitions: Output<Record<string, string> | undefined>;
  /** Key id of the current client secret. */
  readonly secretId: Output<string | undefined>;
  /** When the current client secret ends, such as `2027-05-22T00:00:00Z`. */
  readonly secretExpiresOn: Output<string | undefined>;
  /** Day on which the next secret is issued, such as `2027-04-22`. */
  readonly nextRotationOn: Output<string | undefined>;
  /** Key id of the client secret before the current one, while it is valid. */
  readonly previousSecretId: Output<string | undefined>;
  /** Page on which an administrator consents; only with `consent: external`. */
  readonly consentUrl: Output<string | undefined>;
  /** Value of the current client secret. A Pulumi secret. */
  readonly clientSecret: Output<string | undefined>;
  /** Value of the client secret before the current one, while it is valid. A Pulumi secret. */
  readonly previousClientSecret: Output<string | undefined>;
}

/** The outputs that are Pulumi secrets. */
export type SecretOutput = "clientSecret" | "previousClientSecret";
