import { outsideFacts } from "dicom-service-client/model";
import { documented, type DocumentedPermission } from "../rights/documentedPermission";
import type { CloudCall, CommandName } from "./call";

const roleAssignmentVersion = "2022-04-01";
const healthVersion = "2024-03-31";
const vaultVersion = "2023-07-01";

const roleAssignments = "{scope}/providers/Microsoft.Authorization/roleAssignments";
const deletedApplications = "/directory/deletedItems/microsoft.graph.application";

/** The data actions of a DICOM service. Source: https://learn.microsoft.com/azure/role-based-access-control/permissions/integration */
export const dicomDataActions = {
  read: "Microsoft.HealthcareApis/workspaces/dicomservices/resources/read",
  write: "Microsoft.HealthcareApis/workspaces/dicomservices/resources/write",
  delete: "Microsoft.HealthcareApis/workspaces/dicomservices/resources/delete",
  manageExtendedQueryTags:
    "Microsoft.HealthcareApis/workspaces/dicomservices/resources/manageExtendedQueryTags/action",
  export: "Microsoft.HealthcareApis/workspaces/dicomservices/resources/export/action",
} as const;

/** Policies that can be attached to applications and service principals, by what Microsoft Graph calls their collections. */
export const policyKinds = [
  "appManagementPolicies",
  "claimsMappingPolicies",
  "homeRealmDiscoveryPolicies",
  "tokenIssuancePolicies",
  "tokenLifetimePolicies",
] as const;
export type PolicyKind = (typeof policyKinds)[number];

/** A call, of which service, version and method are those that its rights are documented for. */
type CallRow = Omit<CloudCall, "service" | "version" | "method" | "madeBy"> &
  Partial<Pick<CloudCall, "madeBy">>;

const services: Readonly<Record<DocumentedPermission["api"], CloudCall["service"]>> = {
  "graph-v1.0": "graph",
  "graph-beta": "graph",
  arm: "resourceManager",
  "keyvault-data": "vault",
  dicom: "dicom",
  metadata: "metadata",
};

function callOf(row: CallRow): CloudCall {
  const { api, method: documentedMethod } = row.needs;
  const method = (["GET", "POST", "DELETE"] as const).find((one) => one === documentedMethod);
  if (method === undefined) throw new RangeError(`no call is made with ${documentedMethod}`);
  return {
    madeBy: [],
    ...row,
    service: services[api],
    method,
    ...(api === "graph-beta" ? { version: "beta" } : {}),
  };
}

function policyList(kind: PolicyKind): CallRow {
  return {
    name: `graph.${kind}`,
    madeBy: ["audit"],
    path: `/policies/${kind}`,
    needs: documented("graph-v1.0", `GET /policies/${kind}`),
    reason: "find policies on applications, their tokens and their credentials",
  };
}

/** From the side of the policy: to list the policies of an object, Microsoft Graph wants a right to write. */
function policyTargets(kind: PolicyKind): CallRow {
  return {
    name: `graph.${kind}.appliesTo`,
    madeBy: ["audit"],
    path: `/policies/${kind}/{policyId}/appliesTo?$select=id`,
    needs: documented("graph-v1.0", `GET /policies/${kind}/{policyId}/appliesTo`),
    reason: "see what a policy is attached to",
  };
}

/** One of them, by its word. */
export type DicomRight = keyof typeof dicomDataActions;

const rows = {
  cloudMetadata: {
    name: "metadata.endpoints",
    path: "/metadata/endpoints?api-version=2022-09-01",
    needs: documented("metadata", "GET /metadata/endpoints"),
    reason: "find the services of the cloud",
  },
  batch: {
    name: "graph.batch",
    path: "/$batch",
    needs: documented("graph-v1.0", "POST /$batch"),
    reason: "read several things with one request; each needs its own right",
  },
  application: {
    name: "graph.application",
    madeBy: ["audit", "verify", "adopt", "retire", "rights --check", "preflight"],
    path: "/applications/{objectId}",
    needs: documented("graph-v1.0", "GET /applications/{id}"),
    reason: "see an application's properties, secrets and certificates",
  },
  applicationsByClientId: {
    name: "graph.applicationsByClientId",
    madeBy: ["audit", "adopt", "retire"],
    path: "/applications?$filter=appId eq '{clientId}'",
    needs: documented("graph-v1.0", "GET /applications"),
    reason: "find an application by its client id",
  },
  applicationsByName: {
    name: "graph.applicationsByName",
    madeBy: ["adopt"],
    path: "/applications?$filter=displayName eq '{displayName}'",
    needs: documented("graph-v1.0", "GET /applications"),
    reason: "find applications by their display name",
  },
  certificates: {
    name: "graph.certificates",
    madeBy: ["audit", "verify", "adopt", "retire"],
    path: "/applications/{objectId}?$select=keyCredentials",
    needs: documented("graph-v1.0", "GET /applications/{id}"),
    reason:
      "see an application's certificates themselves, which are returned only when requested on their own",
  },
  applicationOwners: {
    name: "graph.applicationOwners",
    madeBy: ["audit", "adopt", "rights --check", "preflight"],
    path: "/applications/{objectId}/owners",
    needs: documented("graph-v1.0", "GET /applications/{id}/owners"),
    reason: "see who may change an application",
  },
  federatedCredentials: {
    name: "graph.federatedCredentials",
    madeBy: ["audit", "verify", "adopt", "preflight"],
    path: "/applications/{objectId}/federatedIdentityCredentials",
    // The answer of v1.0 breaks off at the first one that matches claims: https://github.com/Azure/azure-workload-identity/issues/373
    needs: documented(
      `graph-${outsideFacts.claimsMatchingVersion.value}`,
      "GET /applications/{id}/federatedIdentityCredentials",
    ),
    reason: "see whose tokens an application trusts",
  },
  servicePrincipal: {
    name: "graph.servicePrincipal",
    madeBy: ["audit", "adopt", "retire", "rights --check", "preflight"],
    path: "/servicePrincipals/{servicePrincipalId}",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}"),
    reason: "see a service principal, its own secrets and certificates, and what an API publishes",
  },
  user: {
    name: "graph.user",
    madeBy: ["preflight"],
    path: "/users/{userId}?$select=id",
    needs: documented("graph-v1.0", "GET /users/{id}"),
    reason: "see whether an owner to add exists who is no service principal (owners)",
  },
  principalCertificates: {
    name: "graph.principalCertificates",
    madeBy: ["audit"],
    path: "/servicePrincipals/{servicePrincipalId}?$select=keyCredentials",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}"),
    reason:
      "see a service principal's certificates themselves, which are sent only when they alone are asked for",
  },
  servicePrincipalsByClientId: {
    name: "graph.servicePrincipalsByClientId",
    madeBy: ["audit", "adopt", "retire"],
    path: "/servicePrincipals?$filter=appId eq '{clientId}'",
    needs: documented("graph-v1.0", "GET /servicePrincipals"),
    reason: "find the service principal of an application, and what an API publishes",
  },
  servicePrincipalOwners: {
    name: "graph.servicePrincipalOwners",
    madeBy: ["audit", "adopt", "rights --check", "preflight"],
    path: "/servicePrincipals/{servicePrincipalId}/owners",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}/owners"),
    reason: "see who may change a service principal",
  },
  consents: {
    name: "graph.consents",
    madeBy: ["audit", "adopt", "preflight"],
    path: "/servicePrincipals/{servicePrincipalId}/oauth2PermissionGrants",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}/oauth2PermissionGrants"),
    reason: "see what has been consented to, for everybody and for single users",
  },
  appRoles: {
    name: "graph.appRoles",
    madeBy: ["audit", "adopt", "rights --check", "preflight"],
    path: "/servicePrincipals/{servicePrincipalId}/appRoleAssignments",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}/appRoleAssignments"),
    reason: "see which application permissions have been granted",
  },
  memberships: {
    name: "graph.memberships",
    madeBy: ["audit", "adopt", "rights --check"],
    path: "/servicePrincipals/{servicePrincipalId}/memberOf",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}/memberOf"),
    reason: "see directory roles and groups",
  },
  appManagementPolicies: policyList("appManagementPolicies"),
  appManagementPolicyTargets: policyTargets("appManagementPolicies"),
  claimsMappingPolicies: policyList("claimsMappingPolicies"),
  claimsMappingPolicyTargets: policyTargets("claimsMappingPolicies"),
  homeRealmDiscoveryPolicies: policyList("homeRealmDiscoveryPolicies"),
  homeRealmDiscoveryPolicyTargets: policyTargets("homeRealmDiscoveryPolicies"),
  tokenIssuancePolicies: policyList("tokenIssuancePolicies"),
  tokenIssuancePolicyTargets: policyTargets("tokenIssuancePolicies"),
  tokenLifetimePolicies: policyList("tokenLifetimePolicies"),
  tokenLifetimePolicyTargets: policyTargets("tokenLifetimePolicies"),
  namesakes: {
    name: "graph.namesakes",
    madeBy: ["audit", "preflight"],
    path: "/applications?$filter=displayName in ({names})&$select=id,appId,displayName,createdDateTime",
    needs: documented("graph-v1.0", "GET /applications"),
    reason: "find other applications of the same name, such as an interrupted deployment leaves behind",
  },
  temporaryNames: {
    name: "graph.temporaryNames",
    madeBy: ["audit"],
    path: "/applications?$filter=startswith(displayName,'{prefix}')&$select=id,appId,displayName,createdDateTime",
    needs: documented("graph-v1.0", "GET /applications"),
    reason: "find applications that an interrupted deployment left behind under a temporary name",
  },
  deletedApplications: {
    name: "graph.deletedApplications",
    madeBy: ["audit"],
    path: "/directory/deletedItems/microsoft.graph.application?$filter=displayName in ({names})&$select=id,appId,displayName,deletedDateTime",
    needs: documented("graph-v1.0", `GET ${deletedApplications}`),
    reason: "find deleted applications that can still be restored",
  },
  allDeletedApplications: {
    name: "graph.allDeletedApplications",
    madeBy: ["adopt", "preflight"],
    path: "/directory/deletedItems/microsoft.graph.application?$select=id,appId,displayName,deletedDateTime",
    needs: documented("graph-v1.0", `GET ${deletedApplications}`),
    reason: "find out whether an application was deleted, by whichever of its ids and names",
  },
  deletedServicePrincipals: {
    name: "graph.deletedServicePrincipals",
    madeBy: ["adopt", "preflight"],
    path: "/directory/deletedItems/microsoft.graph.servicePrincipal?$select=id,appId,deletedDateTime",
    needs: documented("graph-v1.0", "GET /directory/deletedItems/microsoft.graph.servicePrincipal"),
    reason: "find a deleted service principal of an application that has none",
  },
  /** Asks for one name, of a Graph that refuses a list of them. */
  deletedApplicationsOfName: {
    name: "graph.deletedApplications",
    madeBy: ["audit"],
    path: "/directory/deletedItems/microsoft.graph.application?$filter=displayName eq '{name}'&$select=id,appId,displayName,deletedDateTime",
    needs: documented("graph-v1.0", `GET ${deletedApplications}`),
    reason: "find deleted applications that can still be restored",
  },
  credentialUse: {
    name: "graph.credentialUse",
    madeBy: ["retire"],
    path: "/reports/appCredentialSignInActivities?$filter=appId eq '{clientId}'",
    needs: documented("graph-beta", "GET /reports/appCredentialSignInActivities"),
    reason: "see when secrets and certificates were last used",
  },
  removeApplicationSecret: {
    name: "graph.removeApplicationSecret",
    madeBy: ["retire"],
    path: "/applications/{objectId}/removePassword",
    needs: documented("graph-v1.0", "POST /applications/{id}/removePassword"),
    reason: "remove secrets of applications that nobody uses any more",
  },
  removePrincipalSecret: {
    name: "graph.removePrincipalSecret",
    madeBy: ["retire"],
    path: "/servicePrincipals/{servicePrincipalId}/removePassword",
    needs: documented("graph-v1.0", "POST /servicePrincipals/{id}/removePassword"),
    reason: "remove secrets of service principals that nobody uses any more",
  },
  defaultAppManagementPolicy: {
    name: "graph.defaultAppManagementPolicy",
    madeBy: ["init", "preflight"],
    path: "/policies/defaultAppManagementPolicy",
    needs: documented("graph-v1.0", "GET /policies/defaultAppManagementPolicy"),
    reason: "see which secrets and certificates the tenant forbids on applications",
  },
  appManagementPolicyOfApplication: {
    name: "graph.appManagementPolicyOfApplication",
    madeBy: ["preflight"],
    path: "/applications/{objectId}/appManagementPolicies",
    needs: documented("graph-v1.0", "GET /applications/{id}/appManagementPolicies"),
    reason: "see whether an application has a policy of its own on secrets and certificates",
  },
  customSecurityAttributes: {
    name: "graph.customSecurityAttributes",
    madeBy: ["preflight"],
    path: "/servicePrincipals/{servicePrincipalId}?$select=id,customSecurityAttributes",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}?$select=customSecurityAttributes"),
    reason: "see whether the deploying identity is exempt from a policy",
  },
  organization: {
    name: "graph.organization",
    madeBy: ["preflight"],
    path: "/organization",
    needs: documented("graph-v1.0", "GET /organization"),
    reason: "see how many objects the directory may still hold",
  },
  createdObjects: {
    name: "graph.createdObjects",
    madeBy: ["audit", "preflight"],
    path: "/servicePrincipals/{servicePrincipalId}/createdObjects",
    needs: documented("graph-v1.0", "GET /servicePrincipals/{id}/createdObjects"),
    reason:
      "see how many objects the deploying identity may still create, and find what it has created for a client",
  },
  subscriptions: {
    name: "resourceManager.subscriptions",
    madeBy: ["audit", "adopt", "init"],
    path: "/subscriptions?api-version=2022-12-01",
    needs: documented("arm", "GET /subscriptions"),
    reason: "find the subscriptions in which a client may have Azure roles",
  },
  dicomServicesOfSubscription: {
    name: "resourceManager.dicomServicesOfSubscription",
    madeBy: ["init"],
    path: "/subscriptions/{subscriptionId}/resources?api-version=2021-04-01&$filter=resourceType eq 'Microsoft.HealthcareApis/workspaces/dicomservices'",
    needs: documented("arm", "GET {subscriptionId}/resources"),
    reason: "find the DICOM services of a subscription",
  },
  roleAssignmentsOfSubscription: {
    name: "resourceManager.roleAssignmentsOfSubscription",
    madeBy: ["audit"],
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/roleAssignments?api-version=${roleAssignmentVersion}`,
    needs: documented("arm", `GET ${roleAssignments}`),
    reason: "see Azure roles at every scope above, at and below a subscription",
  },
  roleAssignmentsOfPrincipal: {
    name: "resourceManager.roleAssignmentsOfPrincipal",
    madeBy: ["verify", "rights --check", "preflight"],
    path: `{scope}/providers/Microsoft.Authorization/roleAssignments?api-version=${roleAssignmentVersion}&$filter=atScope() and assignedTo('{principalId}')`,
    needs: documented("arm", `GET ${roleAssignments}`),
    reason: "see which Azure roles the client has on a DICOM service",
  },
  roleAssignmentsOfClient: {
    name: "resourceManager.roleAssignmentsOfClient",
    madeBy: ["adopt"],
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/roleAssignments?api-version=${roleAssignmentVersion}&$filter=principalId eq '{principalId}'`,
    needs: documented("arm", `GET ${roleAssignments}`),
    reason: "see the Azure roles that one client has in a subscription",
  },
  roleDefinition: {
    name: "resourceManager.roleDefinition",
    madeBy: ["audit", "verify", "rights --check", "preflight"],
    path: `{roleDefinitionId}?api-version=${roleAssignmentVersion}`,
    needs: documented("arm", "GET {scope}/providers/Microsoft.Authorization/roleDefinitions/{id}"),
    reason: "see what an Azure role allows",
  },
  identityCredentials: {
    name: "resourceManager.identityCredentials",
    madeBy: ["audit"],
    path: `{identityId}/federatedIdentityCredentials?api-version=${outsideFacts.identityCredentialsVersion.value}`,
    needs: documented("arm", "GET {identityId}/federatedIdentityCredentials"),
    reason: "see whose tokens a managed identity trusts, wherever it lies",
  },
  dicomServicesOfWorkspace: {
    name: "resourceManager.dicomServicesOfWorkspace",
    madeBy: ["verify"],
    path: `{workspaceId}/dicomservices?api-version=${healthVersion}`,
    needs: documented("arm", "GET {workspaceId}/dicomservices"),
    reason: "find the DICOM services of a workspace that the client has access to",
  },
  dicomService: {
    name: "resourceManager.dicomService",
    madeBy: ["verify"],
    path: `{dicomServiceId}?api-version=${healthVersion}`,
    needs: documented("arm", "GET {workspaceId}/dicomservices/{name}"),
    reason: "see whether a DICOM service has data partitions and accepts calls from public networks",
  },
  vault: {
    name: "resourceManager.vault",
    madeBy: ["verify", "preflight"],
    path: `{vaultId}?api-version=${vaultVersion}`,
    needs: documented("arm", "GET {vaultId}"),
    reason: "find the address of the key vault that a secret is published in",
  },
  managedVaultSecret: {
    name: "resourceManager.vaultSecret",
    madeBy: ["preflight"],
    path: `{vaultId}/secrets/{secretName}?api-version=${vaultVersion}`,
    needs: documented("arm", "GET {vaultId}/secrets/{secretName}"),
    reason: "see whether the secret's name in the key vault is free",
  },
  deletedVaultSecret: {
    name: "vault.deletedSecret",
    madeBy: ["preflight"],
    path: "{vaultUrl}/deletedsecrets/{secretName}?api-version=7.4",
    needs: documented("keyvault-data", "GET /deletedsecrets/{secretName}"),
    reason: "see whether a deleted secret keeps the name in the key vault",
  },
  vaultSecret: {
    name: "vault.secret",
    madeBy: ["verify"],
    path: "{vaultUrl}/secrets/{secretName}?api-version=7.4",
    needs: documented("keyvault-data", "GET /secrets/{secretName}"),
    reason: "read the published secret as its consumers do",
  },
  searchStudies: {
    name: "dicom.searchStudies",
    path: "{placeUrl}/studies?limit=1",
    needs: documented("dicom", "GET /v2/studies"),
    reason: "prove that the client may search (QIDO-RS)",
  },
  storeInstance: {
    name: "dicom.storeInstance",
    path: "{placeUrl}/studies",
    needs: documented("dicom", "POST /v2/studies"),
    reason: "prove that the client may store (STOW-RS)",
  },
  deleteStudy: {
    name: "dicom.deleteStudy",
    path: "{placeUrl}/studies/{studyInstanceUid}",
    needs: documented("dicom", "DELETE /v2/studies/{study}"),
    reason: "prove that the client may delete, and remove what was stored to prove that it may store",
  },
  latestChange: {
    name: "dicom.latestChange",
    path: "{placeUrl}/changefeed/latest",
    needs: documented("dicom", "GET /v2/changefeed/latest"),
    reason: "prove that the client may read the change feed",
  },
  addQueryTags: {
    name: "dicom.addQueryTags",
    path: "{placeUrl}/extendedquerytags",
    needs: documented("dicom", "POST /v2/extendedquerytags"),
    reason: "prove that the client may add extended query tags; the list that is sent is empty",
  },
  exportInstances: {
    name: "dicom.exportInstances",
    path: "{placeUrl}/export",
    needs: documented("dicom", "POST /v2/export"),
    reason: "prove that the client may export; the list that is sent is empty",
  },
} satisfies Readonly<Record<string, CallRow>>;

/** Every kind of request that operations make; there is no other way to make one. */
export const calls = Object.fromEntries(
  Object.entries<CallRow>(rows).map(([key, row]) => [key, callOf(row)]),
) as Readonly<Record<keyof typeof rows, CloudCall>>;

/** The calls that any of these commands makes; whatever it reads of APIs and roles on the way included. */
export function callsOf(...commands: readonly CommandName[]): readonly CloudCall[] {
  return Object.values(calls).filter(({ madeBy }) => madeBy.some((one) => commands.includes(one)));
}
