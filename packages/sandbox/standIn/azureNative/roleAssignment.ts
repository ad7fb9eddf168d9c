import { optional, required, stringType, mapType } from "../bridge/propertySchema";
import { withoutNulls } from "./armInputs";
import type { ArmResource } from "./armResource";
import { extensionResource } from "./extensionResource";
import { propertiesOf, propertyValueOf } from "./liveProperties";

const bodyInputs = {
  condition: optional(stringType),
  conditionVersion: optional(stringType),
  delegatedManagedIdentityResourceId: optional(stringType),
  description: optional(stringType),
  principalId: required(stringType),
  principalType: optional(stringType),
  roleDefinitionId: required(stringType),
};

const sentProperties = Object.keys(bodyInputs);
const readProperties = [...sentProperties, "createdBy", "createdOn", "scope", "updatedBy", "updatedOn"];

/** `azure-native:authorization:RoleAssignment`: an Azure role, given to a principal at a scope. */
export const roleAssignment: ArmResource = {
  token: "azure-native:authorization:RoleAssignment",
  apiVersion: "2022-04-01",
  pathInputs: { scope: required(stringType), roleAssignmentName: optional(stringType) },
  bodyInputs,
  // Another role is an update in place; what the service does not allow to change is not.
  replacing: ["principalId"],
  outputs: {
    ...bodyInputs,
    azureApiVersion: optional(stringType),
    createdBy: optional(stringType),
    createdOn: optional(stringType),
    name: optional(stringType),
    scope: optional(stringType),
    systemData: optional(mapType),
    type: optional(stringType),
    updatedBy: optional(stringType),
    updatedOn: optional(stringType),
  },
  autoName: { input: "roleAssignmentName", kind: "guid" },

  ...extensionResource("Microsoft.Authorization/roleAssignments", "roleAssignmentName"),

  bodyFor: (inputs) => ({
    properties: withoutNulls(Object.fromEntries(sentProperties.map((name) => [name, inputs[name] ?? null]))),
  }),

  outputsFrom: (live) => ({
    ...propertiesOf(live["properties"], readProperties),
    ...propertiesOf(live, ["name", "type"]),
    systemData: propertyValueOf(live["systemData"]),
  }),
};
