import { optional, required, text, textMap } from "../bridge/propertySchema";
import { withoutNulls } from "./armInputs";
import type { ArmResource } from "./armResource";
import { extensionResource } from "./extensionResource";
import { propertiesOf, propertyValueOf } from "./liveProperties";

const bodyInputs = {
  condition: optional(text),
  conditionVersion: optional(text),
  delegatedManagedIdentityResourceId: optional(text),
  description: optional(text),
  principalId: required(text),
  principalType: optional(text),
  roleDefinitionId: required(text),
};

const sentProperties = Object.keys(bodyInputs);
const readProperties = [...sentProperties, "createdBy", "createdOn", "scope", "updatedBy", "updatedOn"];

/** `azure-native:authorization:RoleAssignment`: an Azure role, given to a principal at a scope. */
export const roleAssignment: ArmResource = {
  token: "azure-native:authorization:RoleAssignment",
  apiVersion: "2022-04-01",
  pathInputs: { scope: required(text), roleAssignmentName: optional(text) },
  bodyInputs,
  // Another role is an update in place; what the service does not allow to change is not.
  replacing: ["principalId"],
  outputs: {
    ...bodyInputs,
    azureApiVersion: optional(text),
    createdBy: optional(text),
    createdOn: optional(text),
    name: optional(text),
    scope: optional(text),
    systemData: optional(textMap),
    type: optional(text),
    updatedBy: optional(text),
    updatedOn: optional(text),
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
