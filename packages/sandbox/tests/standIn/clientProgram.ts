import * as azuread from "@pulumi/azuread";
import { authorization, keyvault } from "@pulumi/azure-native";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { seed, seedResourceIds } from "../../tenant/seed";

export const dicomAppId = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const dicomScopeId = "e69ab058-b8ae-4c0f-b687-5d97888ddccb";
export const dicomDataReader = `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions/e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a`;

/** How a test varies the program. */
export interface ClientVariation {
  readonly application?: Partial<azuread.ApplicationArgs>;
  readonly applicationOptions?: CustomResourceOptions;
  readonly principalOptions?: CustomResourceOptions;
  /** Whether the secret is put into the vault of the sandbox, too. */
  readonly vaultSecret?: boolean;
}

/** A client of the DICOM service: registration, two owners, consent, secret, Azure role. */
export function clientProgram(variation: ClientVariation = {}): PulumiFn {
  return async () => {
    const caller = await azuread.getClientConfig({});
    const dicom = await azuread.getServicePrincipal({ clientId: dicomAppId });
    const application = new azuread.Application(
      "client",
      {
        displayName: "dicom-client",
        owners: [caller.objectId, seed.secondOwnerId],
        requiredResourceAccesses: [
          { resourceAppId: dicomAppId, resourceAccesses: [{ id: dicomScopeId, type: "Scope" }] },
        ],
        ...variation.application,
      },
      variation.applicationOptions,
    );
    const principal = new azuread.ServicePrincipal(
      "client",
      { clientId: application.clientId, owners: [caller.objectId] },
      variation.principalOptions,
    );
    new azuread.ServicePrincipalDelegatedPermissionGrant("consent", {
      servicePrincipalObjectId: principal.objectId,
      resourceServicePrincipalObjectId: dicom.objectId,
      claimValues: ["Dicom.ReadWrite"],
    });
    const secret = new azuread.ApplicationPassword("secret", {
      applicationId: application.id,
      displayName: "rbac",
    });
    new authorization.RoleAssignment("access", {
      scope: seedResourceIds.dicomService,
      principalId: principal.objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: dicomDataReader,
    });
    if (variation.vaultSecret === true) {
      new keyvault.Secret("secret", {
        resourceGroupName: seed.resourceGroup,
        vaultName: seed.keyVault,
        secretName: "client-secret",
        properties: { value: secret.value, contentType: "text/plain" },
      });
    }
    return { clientId: application.clientId, secret: secret.value };
  };
}
