import { applicationBodySchema } from "./domain/applicationProperties";
import { createAppRoleAssignment } from "./domain/appRoleAssignments";
import { defaultPolicy } from "./domain/appManagementPolicy";
import { builtInRoleIds, builtInRoles } from "./domain/builtInRoles";
import { servicePrincipalByAppId } from "./domain/directoryObjects";
import { recordChange, syntheticInstances } from "./domain/dicomStudies";
import { globalAdministrator } from "./domain/directoryRoles";
import { firstPartyAppIds } from "./domain/firstPartyApplications";
import { toWholeSecond } from "./domain/instants";
import { addFirstPartyPrincipals } from "./domain/resourceProviders";
import { assignRole } from "./domain/roleAssignments";
import { systemServicePrincipal } from "./domain/servicePrincipals";
import { defaultSettings } from "./domain/tenantSettings";
import type { TenantProfile } from "./domain/tenantProfile";
import { tableNames, type Directory } from "./state/directory";

/** Ids and names that every sandbox tenant is made with, so that a committed configuration can name them. */
export const seed = {
  tenantId: "11111111-1111-4111-8111-111111111111",
  tenantName: "Sandbox",
  domain: "imagingsandbox.onmicrosoft.com",
  subscriptionId: "22222222-2222-4222-8222-222222222222",
  subscriptionName: "Imaging sandbox",
  resourceGroup: "imaging-sandbox",
  workspace: "sandboxworkspace",
  dicomService: "imaging",
  location: "eastus2",
  keyVault: "sandbox-imaging-kv",
  /** Holds the directory role Global Administrator and the Azure role Owner on the subscription. */
  adminUserId: "66666666-6666-4666-8666-666666666666",
  adminUserPrincipalName: "admin@imagingsandbox.onmicrosoft.com",
  /** A user without any role, to be named as an owner beside the pipeline. */
  secondOwnerId: "77777777-7777-4777-8777-777777777777",
  secondOwnerUserPrincipalName: "imaging.owner@imagingsandbox.onmicrosoft.com",
  /**
   * The identity that deploys. Its client secret is made anew at every start. It holds three application permissions of Microsoft
   * Graph, Contributor and Role Based Access Control Administrator on the subscription, and Key Vault Secrets Officer on the vault,
   * whose own address is the only one where secrets can be deleted.
   */
  pipeline: {
    appId: "33333333-3333-4333-8333-333333333333",
    objectId: "44444444-4444-4444-8444-444444444444",
    servicePrincipalId: "55555555-5555-4555-8555-555555555555",
    displayName: "Deployment pipeline",
  },
} as const;

export const seedProfile: TenantProfile = {
  tenantId: seed.tenantId,
  displayName: seed.tenantName,
  domain: seed.domain,
  subscriptionId: seed.subscriptionId,
  subscriptionName: seed.subscriptionName,
};

const subscription = `/subscriptions/${seed.subscriptionId}`;
const resourceGroup = `${subscription}/resourceGroups/${seed.resourceGroup}`;
const workspace = `${resourceGroup}/providers/Microsoft.HealthcareApis/workspaces/${seed.workspace}`;

/** Full resource ids of the seeded Azure resources. */
export const seedResourceIds = {
  subscription,
  resourceGroup,
  workspace,
  dicomService: `${workspace}/dicomservices/${seed.dicomService}`,
  keyVault: `${resourceGroup}/providers/Microsoft.KeyVault/vaults/${seed.keyVault}`,
} as const;

/**
 * Graph application permissions of the pipeline identity: what it takes to deploy, to consent, to name users as owners, and to audit
 * what was deployed.
 */
const pipelinePermissions = [
  "Application.ReadWrite.OwnedBy",
  "Application.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Policy.Read.All",
  "User.Read.All",
];

/** Fills an empty or used tenant with what it is first made with, and removes everything else. */
export function reseed(directory: Directory, now: Date): void {
  tableNames.forEach((name) => {
    directory[name].clear();
  });
  directory.settings.put(defaultSettings);
  directory.policies.put(defaultPolicy);
  builtInRoles.forEach((role) => directory.roleDefinitions.put(role));
  addUsers(directory);
  addFirstPartyPrincipals(directory, null, now, (application) => application.servicePrincipalId);
  addSubscription(directory, now);
  addPipeline(directory, now);
}

function addUsers(directory: Directory): void {
  directory.users.put({
    id: seed.adminUserId,
    userPrincipalName: seed.adminUserPrincipalName,
    displayName: "Sandbox Administrator",
    givenName: "Sandbox",
    surname: "Administrator",
    mail: seed.adminUserPrincipalName,
    jobTitle: null,
    directoryRoles: [globalAdministrator],
  });
  directory.users.put({
    id: seed.secondOwnerId,
    userPrincipalName: seed.secondOwnerUserPrincipalName,
    displayName: "Imaging Owner",
    givenName: "Imaging",
    surname: "Owner",
    mail: seed.secondOwnerUserPrincipalName,
    jobTitle: "Imaging systems",
    directoryRoles: [],
  });
}

function addSubscription(directory: Directory, now: Date): void {
  for (const namespace of ["Microsoft.HealthcareApis", "Microsoft.KeyVault", "Microsoft.Authorization"]) {
    directory.resourceProviders.put({ id: namespace, registrationState: "Registered" });
    addFirstPartyPrincipals(directory, namespace, now, (application) => application.servicePrincipalId);
  }
  const add = (displayId: string, name: string, type: string, properties: Record<string, unknown>): void => {
    directory.resources.put({
      id: displayId.toLowerCase(),
      name,
      type,
      location: seed.location,
      tags: {},
      properties: { displayId, provisioningState: "Succeeded", ...properties },
    });
  };
  add(resourceGroup, seed.resourceGroup, "Microsoft.Resources/resourceGroups", {});
  add(workspace, seed.workspace, "Microsoft.HealthcareApis/workspaces", { publicNetworkAccess: "Enabled" });
  add(seedResourceIds.dicomService, seed.dicomService, "Microsoft.HealthcareApis/workspaces/dicomservices", {
    publicNetworkAccess: "Enabled",
    enableDataPartitions: false,
  });
  add(seedResourceIds.keyVault, seed.keyVault, "Microsoft.KeyVault/vaults", {
    sku: { family: "A", name: "standard" },
    accessPolicies: [],
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
  });
  syntheticInstances(seedResourceIds.dicomService.toLowerCase()).forEach((instance) => {
    recordChange(directory, directory.dicomInstances.put(instance), "create", now);
  });
  assign(directory, "b0000000-0000-4000-8000-000000000001", builtInRoleIds.owner, seed.adminUserId, now);
}

function addPipeline(directory: Directory, now: Date): void {
  const { appId, objectId, servicePrincipalId, displayName } = seed.pipeline;
  directory.applications.put({
    id: objectId,
    appId,
    createdDateTime: toWholeSecond(now),
    createdBy: null,
    properties: { ...applicationBodySchema.initial(), displayName },
    ownerIds: [],
    passwords: [],
    keys: [],
    federatedCredentials: [],
  });
  directory.servicePrincipals.put(systemServicePrincipal(servicePrincipalId, appId, null, now));
  const graph = servicePrincipalByAppId(directory, firstPartyAppIds.microsoftGraph);
  for (const permission of pipelinePermissions) {
    const appRoleId = graph?.published?.appRoles.find((role) => role.value === permission)?.id;
    if (graph === undefined || appRoleId === undefined)
      throw new Error(`no application permission ${permission}`);
    createAppRoleAssignment(
      directory,
      { appRoleId, principalId: servicePrincipalId, resourceId: graph.id },
      { now, tenantId: seed.tenantId },
    );
  }
  const roles = [builtInRoleIds.contributor, builtInRoleIds.roleBasedAccessControlAdministrator];
  roles.forEach((role, index) => {
    assign(directory, `b0000000-0000-4000-8000-00000000001${String(index)}`, role, servicePrincipalId, now);
  });
  // The provider writes secrets of a key vault through Azure Resource Manager, but deletes them at the vault itself.
  const officer = builtInRoleIds.keyVaultSecretsOfficer;
  const name = "b0000000-0000-4000-8000-000000000020";
  assign(directory, name, officer, servicePrincipalId, now, seedResourceIds.keyVault);
}

function assign(
  directory: Directory,
  name: string,
  role: string,
  principalId: string,
  now: Date,
  scope: string = subscription,
): void {
  assignRole(
    directory,
    {
      name,
      scope,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType: null,
      description: null,
      condition: null,
      conditionVersion: null,
    },
    { now, callerId: seed.adminUserId, tenantId: seed.tenantId },
  );
}
