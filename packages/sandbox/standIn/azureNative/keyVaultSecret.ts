import {
  block,
  booleanType,
  integerType,
  optional,
  required,
  stringType,
  mapType,
} from "../bridge/propertySchema";
import { isJsonObject, type JsonObject } from "../http/jsonBody";
import { isPropertyMap, type PropertyMap, within } from "../server/propertyValue";
import { withoutNulls } from "./armInputs";
import { pathSegment, type ArmResource } from "./armResource";
import { propertiesOf, propertyValueOf } from "./liveProperties";

const managementApiVersion = "2024-11-01";
/** Version of the vault's own API (Azure Key Vault REST reference, Delete Secret). */
const vaultApiVersion = "7.5";

/** The resource that tokens for vaults are asked for (Azure Key Vault REST reference, authentication). */
const vaultResource = "https://vault.azure.net";

/** The id of the vault that the inputs name. */
export function vaultIdFor(inputs: PropertyMap, subscriptionId: string): string {
  return (
    `/subscriptions/${subscriptionId}/resourceGroups/${pathSegment(inputs, "resourceGroupName")}` +
    `/providers/Microsoft.KeyVault/vaults/${pathSegment(inputs, "vaultName")}`
  );
}

const attributes = block({
  enabled: optional(booleanType),
  expires: optional(integerType),
  notBefore: optional(integerType),
});

/** `azure-native:keyvault:Secret`: a secret of a vault, with its attributes and tags. */
export const keyVaultSecret: ArmResource = {
  token: "azure-native:keyvault:Secret",
  apiVersion: managementApiVersion,
  pathInputs: {
    resourceGroupName: required(stringType),
    vaultName: required(stringType),
    secretName: optional(stringType),
  },
  bodyInputs: {
    properties: required(
      block({
        attributes: optional(attributes),
        contentType: optional(stringType),
        value: optional(stringType),
      }),
    ),
    tags: optional(mapType),
  },
  replacing: [],
  outputs: {
    azureApiVersion: optional(stringType),
    location: optional(stringType),
    name: optional(stringType),
    properties: optional(
      block({
        attributes: optional(
          block({
            created: optional(integerType),
            enabled: optional(booleanType),
            expires: optional(integerType),
            notBefore: optional(integerType),
            updated: optional(integerType),
          }),
        ),
        contentType: optional(stringType),
        secretUri: optional(stringType),
        secretUriWithVersion: optional(stringType),
      }),
    ),
    tags: optional(mapType),
    type: optional(stringType),
  },
  autoName: { input: "secretName", kind: "suffix" },

  idFor: (inputs, subscriptionId) =>
    `${vaultIdFor(inputs, subscriptionId)}/secrets/${pathSegment(inputs, "secretName")}`,

  bodyFor(inputs): JsonObject {
    const { properties, tags } = inputs;
    const given = within(properties, "attributes");
    const sent = withoutNulls({
      enabled: within(given, "enabled") ?? null,
      exp: within(given, "expires") ?? null,
      nbf: within(given, "notBefore") ?? null,
    });
    return withoutNulls({
      properties: {
        attributes: isPropertyMap(given) ? sent : null,
        contentType: within(properties, "contentType") ?? null,
        value: within(properties, "value") ?? null,
      },
      tags: tags ?? null,
    });
  },

  outputsFrom(live) {
    const properties = isJsonObject(live["properties"]) ? live["properties"] : {};
    const kept = isJsonObject(properties["attributes"]) ? properties["attributes"] : {};
    return {
      ...propertiesOf(live, ["location", "name", "tags", "type"]),
      properties: {
        // The value is never sent back.
        ...propertiesOf(properties, ["contentType", "secretUri", "secretUriWithVersion"]),
        attributes: {
          ...propertiesOf(kept, ["created", "enabled", "updated"]),
          expires: propertyValueOf(kept["exp"]),
          notBefore: propertyValueOf(kept["nbf"]),
        },
      },
    };
  },

  pathInputsFrom(id): PropertyMap {
    const form =
      /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)\/secrets\/([^/]+)$/i;
    const [, resourceGroupName, vaultName, secretName] = form.exec(id) ?? [];
    if (resourceGroupName === undefined || vaultName === undefined || secretName === undefined) {
      throw new Error(`failed to parse '${id}' as the id of a key vault secret`);
    }
    return { resourceGroupName, vaultName, secretName };
  },

  /**
   * Resource Manager cannot delete a secret; the vault itself can. The real provider makes the vault's address of its name and the
   * cloud's suffix, without asking. The vaults of the sandbox have no DNS names: they lie beside its Resource Manager.
   */
  async delete(session, operation, inputs) {
    const base = `${session.cloud.resourceManager.replace(/\/+$/, "")}/vault/${pathSegment(inputs, "vaultName")}`;
    await session
      .service(base, vaultResource, operation)
      .delete(`/secrets/${pathSegment(inputs, "secretName")}`, vaultApiVersion);
  },
};
