import { packageSchema } from "../bridge/packageSchema";
import type { HttpClient } from "../http/httpClient";
import type { Sleep } from "../http/sleep";
import type { Plugin } from "../server/plugin";
import { readCloudMetadata } from "../signIn/cloudMetadata";
import { ProviderSettings, type Environment } from "../signIn/providerSettings";
import {
  dicomServiceLookup,
  roleDefinitionLookup,
  vaultSecretLookup,
  vaultLookup,
  workspaceLookup,
} from "./armLookups";
import { armInputSchema, armResource, type ArmResource } from "./armResource";
import { azureNativeIdentity } from "./azureNativeCredential";
import { AzureNativeSession } from "./azureNativeSession";
import { azureNativeClientConfigLookup } from "./getClientConfig";
import { clientTokenLookup } from "./getClientToken";
import { keyVaultSecret } from "./keyVaultSecret";
import { roleAssignment } from "./roleAssignment";
import { roleDefinition } from "./roleDefinition";

const name = "azure-native";
/** The version of the real plugin whose behaviour this is. */
const version = "3.28.0";

const resources: readonly ArmResource[] = [keyVaultSecret, roleAssignment, roleDefinition];

const functions = [
  azureNativeClientConfigLookup,
  clientTokenLookup,
  dicomServiceLookup,
  roleDefinitionLookup,
  vaultSecretLookup,
  vaultLookup,
  workspaceLookup,
];

/** The stand-in for pulumi-azure-native. */
export function azureNativePlugin(options: {
  readonly client: HttpClient;
  readonly environment: Environment;
  readonly sleep: Sleep;
}): Plugin<AzureNativeSession> {
  const { client, environment, sleep } = options;
  return {
    name,
    version,
    checkConfiguration: () => undefined,
    async configure(variables, signal) {
      const settings = new ProviderSettings(variables, environment);
      const identity = azureNativeIdentity(settings);
      const host = settings.text("metadataHost", "ARM_METADATA_HOSTNAME");
      const cloud = await readCloudMetadata(client, host, name, signal);
      return new AzureNativeSession({ client, cloud, sleep, ...identity });
    },
    resources: new Map(resources.map((resource) => [resource.token, armResource(resource)])),
    functions,
    schema: () =>
      packageSchema(
        name,
        version,
        new Map(
          resources.map((resource) => [
            resource.token,
            { inputs: armInputSchema(resource), outputs: resource.outputs },
          ]),
        ),
        functions,
      ),
  };
}
