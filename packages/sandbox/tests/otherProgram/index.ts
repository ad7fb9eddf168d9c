import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import * as azuread from "@pulumi/azuread";

const config = new pulumi.Config();
const workspace = config.require("workspace");
const subscription = workspace.split("/").slice(0, 3).join("/");
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

// Whoever deploys may manage what it owns.
const owners = [azuread.getClientConfigOutput().objectId];

const application = new azuread.Application("exporter", {
  displayName: "Nightly export",
  signInAudience: "AzureADMyOrg",
  owners,
});

const servicePrincipal = new azuread.ServicePrincipal("exporter", {
  clientId: application.clientId,
  owners,
});

const password = new azuread.ApplicationPassword("exporter", {
  applicationId: application.id,
  displayName: "Nightly job",
  endDate: config.require("secretEnd"),
});

const assignment = new authorization.RoleAssignment("exporter-reads", {
  scope: workspace,
  roleAssignmentName: "0c9a7a4e-5f1d-4b0e-9a3c-2f6d8e1b7a55",
  principalId: servicePrincipal.objectId,
  principalType: "ServicePrincipal",
  roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
});

export const clientId = application.clientId;
export const clientSecret = password.value;
export const tokenUrl = pulumi.interpolate`${config.require("loginUrl")}/${servicePrincipal.applicationTenantId}/oauth2/v2.0/token`;
export const roleAssignmentId = assignment.id;
