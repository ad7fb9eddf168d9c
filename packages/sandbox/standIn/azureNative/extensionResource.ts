import { textOf } from "../server/propertyValue";
import { type ArmResource, pathSegment } from "./armResource";

/**
 * How the id of a resource that extends any scope is made of its inputs, and they of it.
 *
 * @param type such as `Microsoft.Authorization/roleAssignments`
 * @param nameInput the input that names the resource
 */
export function extensionResource(
  type: string,
  nameInput: string,
): Pick<ArmResource, "idFor" | "pathInputsFrom"> {
  const marker = `/providers/${type}/`;
  return {
    idFor: (inputs) =>
      `/${withoutOuterSlashes(textOf(inputs["scope"]))}${marker}${pathSegment(inputs, nameInput)}`,

    pathInputsFrom(id) {
      const at = id.toLowerCase().lastIndexOf(marker.toLowerCase());
      const name = id.slice(at + marker.length);
      if (at <= 0 || name === "" || name.includes("/")) {
        throw new Error(`failed to parse '${id}' against the path '/{scope}${marker}{${nameInput}}'`);
      }
      // As the real plugin reads it out of the id: without the slash that programs write in front of a scope.
      return { scope: withoutOuterSlashes(id.slice(0, at)), [nameInput]: name };
    },
  };
}

function withoutOuterSlashes(scope: string): string {
  return scope.replace(/^\/+|\/+$/g, "");
}
