import * as authorization from "@pulumi/azure-native/authorization";
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { completeDicomApi } from "../../../components/dicomApi";
import { DicomServiceClient } from "../../../components/dicomServiceClient";

// A program whose resources want to pass for what the component declares: children of a real client, and a component of its own
// that has the component's type.

const config = new pulumi.Config();

const client = new DicomServiceClient("gateway", {
  displayName: "Gateway of the impostor",
  credentials: "none",
  api: completeDicomApi(config.requireObject("api")),
});
new azuread.Application("gateway-viewer", { displayName: "Viewer" }, { parent: client });
new authorization.RoleAssignment(
  "gateway-vault",
  {
    scope: config.require("dicomService"),
    roleAssignmentName: "66666666-6666-4666-8666-666666666666",
    principalId: client.servicePrincipalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${config.require("role")}`,
  },
  { parent: client },
);

class Impostor extends pulumi.ComponentResource {
  constructor(name: string) {
    super("dicom-service-client:index:DicomServiceClient", name, {});
    const application = new azuread.Application(
      `${name}-application`,
      { displayName: "Impostor", preventDuplicateNames: true, identifierUris: ["api://impostor"] },
      { parent: this },
    );
    new azuread.ApplicationPassword(`${name}-password`, { applicationId: application.id }, { parent: this });
  }
}

new Impostor("impostor");
