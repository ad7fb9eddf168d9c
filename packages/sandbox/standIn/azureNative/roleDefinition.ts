import { block, listOf, optional, required, stringType, mapType } from "../bridge/propertySchema";
import { isJsonObject } from "../http/jsonBody";
import { withoutNulls } from "./armInputs";
import type { ArmResource } from "./armResource";
import { extensionResource } from "./extensionResource";
import { propertiesOf, propertyValueOf } from "./liveProperties";

const actions = ["actions", "notActions", "dataActions", "notDataActions"] as const;

const bodyInputs = {
  assignableScopes: optional(listOf(stringType)),
  description: optional(stringType),
  permissions: optional(
    listOf(block(Object.fromEntries(actions.map((name) => [name, optional(listOf(stringType))])))),
  ),
  roleName: optional(stringType),
  roleType: optional(stringType),
};
/** The names of inputs that Resource Manager calls otherwise. */
const wireNames: Readonly<Record<string, string>> = { roleType: "type" };
const wireName = (name: string): string => wireNames[name] ?? name;

/** `azure-native:authorization:RoleDefinition`: a custom Azure role. */
export const roleDefinition: ArmResource = {
  token: "azure-native:authorization:RoleDefinition",
  apiVersion: "2022-05-01-preview",
  pathInputs: { scope: required(stringType), roleDefinitionId: optional(stringType) },
  bodyInputs,
  replacing: [],
  outputs: {
    ...bodyInputs,
    azureApiVersion: optional(stringType),
    createdBy: optional(stringType),
    createdOn: optional(stringType),
    name: optional(stringType),
    systemData: optional(mapType),
    type: optional(stringType),
    updatedBy: optional(stringType),
    updatedOn: optional(stringType),
  },
  autoName: { input: "roleDefinitionId", kind: "guid" },

  ...extensionResource("Microsoft.Authorization/roleDefinitions", "roleDefinitionId"),

  bodyFor: (inputs) => ({
    properties: withoutNulls(
      Object.fromEntries(Object.keys(bodyInputs).map((name) => [wireName(name), inputs[name] ?? null])),
    ),
  }),

  outputsFrom(live) {
    const properties = isJsonObject(live["properties"]) ? live["properties"] : {};
    return {
      // The service fills in the kinds of actions that a permission leaves out; the plugin shows them as they are.
      ...propertiesOf(properties, ["assignableScopes", "description", "roleName", "permissions"]),
      ...propertiesOf(properties, ["createdBy", "createdOn", "updatedBy", "updatedOn"]),
      roleType: propertyValueOf(properties["type"]),
      ...propertiesOf(live, ["name", "type"]),
      systemData: propertyValueOf(live["systemData"]),
    };
  },
};
