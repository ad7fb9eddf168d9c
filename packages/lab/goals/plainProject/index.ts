import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import * as azuread from "@pulumi/azuread";

const config = new pulumi.Config();
const loginUrl = config.require("loginUrl");
const dicomService = config.require("dicomService");
const dicomApi = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const dicomScope = "Dicom.ReadWrite";
const dicomDataReader = "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a";

const identity = azuread.getClientConfigOutput();
const api = azuread.getServicePrincipalOutput({ clientId: dicomApi });
const owners = [identity.objectId];

const application = new azuread.Application("gateway-application", {
  displayName: "Gateway",
  signInAudience: "AzureADMyOrg",
  preventDuplicateNames: true,
  owners,
  requiredResourceAccesses: [
    {
      resourceAppId: dicomApi,
      resourceAccesses: [
        { id: api.oauth2PermissionScopeIds.apply((ids) => ids[dicomScope] ?? ""), type: "Scope" },
      ],
    },
  ],
});

const password = new azuread.ApplicationPassword("gateway-secret", {
  applicationId: application.id,
  displayName: "Managed by Pulumi",
  endDate: "2026-11-28T00:00:00Z",
});

const servicePrincipal = new azuread.ServicePrincipal("gateway-service-principal", {
  clientId: application.clientId,
  owners,
});

new azuread.ServicePrincipalDelegatedPermissionGrant("gateway-consent", {
  servicePrincipalObjectId: servicePrincipal.objectId,
  resourceServicePrincipalObjectId: api.objectId,
  claimValues: [dicomScope],
});

new authorization.RoleAssignment("gateway-access", {
  scope: dicomService,
  roleAssignmentName: "5b6f2a0e-8c3d-4f0a-9d57-1e2c3b4a5d6e",
  principalId: servicePrincipal.objectId,
  principalType: "ServicePrincipal",
  roleDefinitionId: `/subscriptions/${dicomService.split("/")[2]}/providers/Microsoft.Authorization/roleDefinitions/${dicomDataReader}`,
});

export const clientId = application.clientId;
export const servicePrincipalId = servicePrincipal.objectId;
export const tenantId = identity.tenantId;
export const tokenUrl = pulumi.interpolate`${loginUrl}/${identity.tenantId}/oauth2/v2.0/token`;
export const clientSecret = password.value;
