import * as authorization from "@pulumi/azure-native/authorization";
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

// A program that declares a client without the component, as somebody may write it who knows the portal. Its configuration says
// how far it goes: what the deploying identity may not do would keep it from being deployed.

interface Role {
  readonly id: string;
  readonly scope: string;
}

const config = new pulumi.Config();
const deployer = azuread.getClientConfigOutput().objectId;
const owners = config.getBoolean("owned") === true ? { owners: [deployer] } : {};
const role = config.requireObject<Role>("role");

const application = new azuread.Application("clone", {
  ...owners,
  displayName: "Portal clone",
  signInAudience: "AzureADMultipleOrgs",
  web: { redirectUris: ["https://localhost/callback"], implicitGrant: { idTokenIssuanceEnabled: true } },
  requiredResourceAccesses: [
    {
      resourceAppId: "00000003-0000-0000-c000-000000000000",
      resourceAccesses: [{ id: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", type: "Role" }],
    },
  ],
});
new azuread.ServicePrincipal("clone", { ...owners, clientId: application.clientId });
new azuread.ApplicationPassword("clone", {
  applicationId: application.id,
  endDate: "2099-01-01T00:00:00Z",
  // not known during a preview
  rotateWhenChanged: application.objectId.apply((id) => ({ id })),
});
new authorization.RoleAssignment("clone", {
  scope: role.scope,
  principalId: deployer,
  principalType: "ServicePrincipal",
  roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
});
