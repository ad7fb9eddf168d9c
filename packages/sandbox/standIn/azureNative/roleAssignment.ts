import { optional, required, text, textMap } from "../bridge/propertySchema";
import { textOf, type PropertyMap } from "../server/propertyValue";
import { withoutNulls } from "./armInputs";
import { pathSegment, type ArmResource } from "./armResource";
import { propertiesOf, propertyValueOf } from "./liveProperties";

const marker = "/providers/Microsoft.Authorization/roleAssignments/";

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

function withoutOuterSlashes(scope: string): string {
  return scope.replace(/^\/+|\/+$/g, "");
}

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

  idFor(inputs) {
    const scope = withoutOuterSlashes(textOf(inputs["scope"]));
    return `/${scope}${marker}${pathSegment(inputs, "roleAssignmentName")}`;
  },

  bodyFor: (inputs) => ({
    properties: withoutNulls(Object.fromEntries(sentProperties.map((name) => [name, inputs[name] ?? null]))),
  }),

  outputsFrom: (live) => ({
    ...propertiesOf(live["properties"], readProperties),
    ...propertiesOf(live, ["name", "type"]),
    systemData: propertyValueOf(live["systemData"]),
  }),

  pathInputsFrom(id): PropertyMap {
    const at = id.toLowerCase().lastIndexOf(marker.toLowerCase());
    const roleAssignmentName = id.slice(at + marker.length);
    if (at <= 0 || roleAssignmentName === "" || roleAssignmentName.includes("/")) {
      throw new Error(`failed to parse '${id}' against the path '/{scope}${marker}{roleAssignmentName}'`);
    }
    // As the real plugin reads it out of the id: without the slash that programs write in front of a scope.
    return { scope: withoutOuterSlashes(id.slice(0, at)), roleAssignmentName };
  },
};
