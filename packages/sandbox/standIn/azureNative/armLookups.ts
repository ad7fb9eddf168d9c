import type { JsonObject } from "../http/jsonBody";
import type { CoveredFunction } from "../server/plugin";
import type { PropertyMap } from "../server/propertyValue";
import { withoutNulls } from "./armInputs";
import { pathSegment } from "./armResource";
import type { AzureNativeSession } from "./azureNativeSession";
import { keyVaultSecret, vaultIdFor } from "./keyVaultSecret";
import { propertiesOf, propertyValueOf } from "./liveProperties";
import { roleDefinition } from "./roleDefinition";

type Lookup = CoveredFunction<AzureNativeSession>;

/** A function that reads one object: a GET on its id; a missing one is an error. */
function armLookup(
  token: string,
  apiVersion: string,
  idFor: (args: PropertyMap, subscriptionId: string) => string,
  outputsFrom: (live: JsonObject) => PropertyMap,
): Lookup {
  return {
    token,
    async run(args, session, signal) {
      const id = idFor(args, session.subscriptionId);
      const arm = session.resourceManager({ timeoutMinutes: 5, signal });
      const live = await arm.get(id, apiVersion).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`request failed ${id}: ${reason}`, { cause: error });
      });
      return withoutNulls({
        ...propertiesOf(live, ["id"]),
        ...outputsFrom(live),
        azureApiVersion: apiVersion,
      });
    },
  };
}

/** `azure-native:keyvault:getSecret`: all about a secret but its value. */
export const vaultSecretLookup = armLookup(
  "azure-native:keyvault:getSecret",
  keyVaultSecret.apiVersion,
  keyVaultSecret.idFor,
  keyVaultSecret.outputsFrom,
);

/** `azure-native:authorization:getRoleDefinition`: a role by scope and GUID. */
export const roleDefinitionLookup = armLookup(
  "azure-native:authorization:getRoleDefinition",
  roleDefinition.apiVersion,
  roleDefinition.idFor,
  roleDefinition.outputsFrom,
);

/** `azure-native:keyvault:getVault`: a key vault by resource group and name. */
export const vaultLookup = armLookup("azure-native:keyvault:getVault", "2024-11-01", vaultIdFor, (live) => ({
  ...propertiesOf(live, ["location", "name", "systemData", "tags", "type"]),
  properties: propertyValueOf(live["properties"]),
}));

function workspaceIdFor(args: PropertyMap, subscriptionId: string): string {
  return (
    `/subscriptions/${subscriptionId}/resourceGroups/${pathSegment(args, "resourceGroupName")}` +
    `/providers/Microsoft.HealthcareApis/workspaces/${pathSegment(args, "workspaceName")}`
  );
}

/** `azure-native:healthcareapis:getWorkspace`: a health workspace by resource group and name. */
export const workspaceLookup = armLookup(
  "azure-native:healthcareapis:getWorkspace",
  "2024-03-31",
  workspaceIdFor,
  (live) => ({
    ...propertiesOf(live, ["etag", "location", "name", "systemData", "tags", "type"]),
    properties: propertyValueOf(live["properties"]),
  }),
);

/** `azure-native:healthcareapis:getDicomService`: a DICOM service by workspace and name. */
export const dicomServiceLookup = armLookup(
  "azure-native:healthcareapis:getDicomService",
  "2024-03-31",
  (args, subscriptionId) =>
    `${workspaceIdFor(args, subscriptionId)}/dicomservices/${pathSegment(args, "dicomServiceName")}`,
  (live) => ({
    ...propertiesOf(live, ["etag", "identity", "location", "name", "systemData", "tags", "type"]),
    ...propertiesOf(live["properties"], [
      "authenticationConfiguration",
      "corsConfiguration",
      "enableDataPartitions",
      "encryption",
      "eventState",
      "privateEndpointConnections",
      "provisioningState",
      "publicNetworkAccess",
      "serviceUrl",
      "storageConfiguration",
    ]),
  }),
);
