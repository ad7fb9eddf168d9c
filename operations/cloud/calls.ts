import type { Call } from "./call";

const roleAssignmentVersion = "2022-04-01";
const healthVersion = "2024-03-31";
const vaultVersion = "2023-07-01";

const readApplications = { kind: "graph", anyOf: ["Application.Read.All", "Directory.Read.All"] } as const;

/** The data actions of a DICOM service. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const dicomDataActions = {
  read: "Microsoft.HealthcareApis/workspaces/dicomservices/resources/read",
  write: "Microsoft.HealthcareApis/workspaces/dicomservices/resources/write",
} as const;

/** Every kind of request that operations make; there is no other way to make one. */
export const calls = {
  cloudMetadata: {
    name: "metadata.endpoints",
    service: "metadata",
    method: "GET",
    path: "/metadata/endpoints?api-version=2022-09-01",
    needs: { kind: "nothing" },
    reason: "find the services of the cloud",
  },
  application: {
    name: "graph.application",
    service: "graph",
    method: "GET",
    path: "/applications/{objectId}",
    needs: readApplications,
    reason: "see an application's properties, secrets and certificates",
  },
  applicationOwners: {
    name: "graph.applicationOwners",
    service: "graph",
    method: "GET",
    path: "/applications/{objectId}/owners",
    needs: readApplications,
    reason: "see who may change an application",
  },
  federatedCredentials: {
    name: "graph.federatedCredentials",
    service: "graph",
    method: "GET",
    path: "/applications/{objectId}/federatedIdentityCredentials",
    needs: readApplications,
    reason: "see whose tokens an application trusts",
  },
  servicePrincipal: {
    name: "graph.servicePrincipal",
    service: "graph",
    method: "GET",
    path: "/servicePrincipals/{servicePrincipalId}",
    needs: readApplications,
    reason: "see a service principal, its own secrets and certificates, and what an API publishes",
  },
  servicePrincipalOwners: {
    name: "graph.servicePrincipalOwners",
    service: "graph",
    method: "GET",
    path: "/servicePrincipals/{servicePrincipalId}/owners",
    needs: readApplications,
    reason: "see who may change a service principal",
  },
  consents: {
    name: "graph.consents",
    service: "graph",
    method: "GET",
    path: "/servicePrincipals/{servicePrincipalId}/oauth2PermissionGrants",
    needs: {
      kind: "graph",
      anyOf: [
        "DelegatedPermissionGrant.Read.All",
        "Directory.Read.All",
        "DelegatedPermissionGrant.ReadWrite.All",
      ],
    },
    reason: "see what has been consented to, for everybody and for single users",
  },
  appRoles: {
    name: "graph.appRoles",
    service: "graph",
    method: "GET",
    path: "/servicePrincipals/{servicePrincipalId}/appRoleAssignments",
    needs: readApplications,
    reason: "see which application permissions have been granted",
  },
  memberships: {
    name: "graph.memberships",
    service: "graph",
    method: "GET",
    path: "/servicePrincipals/{servicePrincipalId}/memberOf",
    needs: readApplications,
    reason: "see directory roles and groups",
  },
  namesakes: {
    name: "graph.namesakes",
    service: "graph",
    method: "GET",
    path: "/applications?$filter=displayName in ({names})&$select=id,appId,displayName,createdDateTime",
    needs: readApplications,
    reason: "find other applications of the same name, such as a deployment that was cut off leaves behind",
  },
  deletedApplications: {
    name: "graph.deletedApplications",
    service: "graph",
    method: "GET",
    path: "/directory/deletedItems/microsoft.graph.application?$filter=displayName in ({names})&$select=id,appId,displayName,deletedDateTime",
    needs: readApplications,
    reason: "find deleted applications that can still be restored",
  },
  subscriptions: {
    name: "resourceManager.subscriptions",
    service: "resourceManager",
    method: "GET",
    path: "/subscriptions?api-version=2022-12-01",
    needs: { kind: "nothing" },
    reason: "find the subscriptions in which a client may have Azure roles",
  },
  roleAssignmentsOfSubscription: {
    name: "resourceManager.roleAssignmentsOfSubscription",
    service: "resourceManager",
    method: "GET",
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/roleAssignments?api-version=${roleAssignmentVersion}`,
    needs: { kind: "action", action: "Microsoft.Authorization/roleAssignments/read" },
    reason: "see Azure roles at every scope above, at and below a subscription",
  },
  roleAssignmentsOfPrincipal: {
    name: "resourceManager.roleAssignmentsOfPrincipal",
    service: "resourceManager",
    method: "GET",
    path: `{scope}/providers/Microsoft.Authorization/roleAssignments?api-version=${roleAssignmentVersion}&$filter=atScope() and assignedTo('{principalId}')`,
    needs: { kind: "action", action: "Microsoft.Authorization/roleAssignments/read" },
    reason: "see which Azure roles the client has on a DICOM service",
  },
  roleDefinition: {
    name: "resourceManager.roleDefinition",
    service: "resourceManager",
    method: "GET",
    path: `{roleDefinitionId}?api-version=${roleAssignmentVersion}`,
    needs: { kind: "action", action: "Microsoft.Authorization/roleDefinitions/read" },
    reason: "see what an Azure role allows",
  },
  dicomServicesOfWorkspace: {
    name: "resourceManager.dicomServicesOfWorkspace",
    service: "resourceManager",
    method: "GET",
    path: `{workspaceId}/dicomservices?api-version=${healthVersion}`,
    needs: { kind: "action", action: "Microsoft.HealthcareApis/workspaces/dicomservices/read" },
    reason: "find the DICOM services of a workspace that the client has access to",
  },
  vault: {
    name: "resourceManager.vault",
    service: "resourceManager",
    method: "GET",
    path: `{vaultId}?api-version=${vaultVersion}`,
    needs: { kind: "action", action: "Microsoft.KeyVault/vaults/read" },
    reason: "find the address of the key vault that a secret is published in",
  },
  vaultSecret: {
    name: "vault.secret",
    service: "vault",
    method: "GET",
    path: "{vaultUrl}/secrets/{secretName}?api-version=7.4",
    needs: { kind: "dataAction", action: "Microsoft.KeyVault/vaults/secrets/getSecret/action" },
    reason: "read the published secret as its consumers do",
  },
  searchStudies: {
    name: "dicom.searchStudies",
    service: "dicom",
    method: "GET",
    path: "{serviceUrl}/v2/studies?limit=1",
    needs: { kind: "dataAction", action: dicomDataActions.read },
    reason: "prove that the client may search (QIDO-RS)",
  },
  storeInstance: {
    name: "dicom.storeInstance",
    service: "dicom",
    method: "POST",
    path: "{serviceUrl}/v2/studies",
    needs: { kind: "dataAction", action: dicomDataActions.write },
    reason: "prove that the client may store (STOW-RS)",
  },
} as const satisfies Readonly<Record<string, Call>>;
