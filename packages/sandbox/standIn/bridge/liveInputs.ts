import {
  isPropertyList,
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  sameValue,
  textsOf,
} from "../server/propertyValue";
import { defaultsKey } from "./bridgeKeys";
import { isZero, type PropertyType, type Schema } from "./propertySchema";

function refreshed(old: PropertyValue, live: PropertyValue): PropertyValue {
  if (isPropertyList(old) && isPropertyList(live)) {
    return old.slice(0, live.length).map((element, index) => refreshed(element, live[index] ?? null));
  }
  if (isPropertyMap(old) && isPropertyMap(live)) return refreshInputs(old, live);
  return isZero(old) && isZero(live) ? old : live;
}

/**
 * The inputs after a refresh: those the program gave, with their live values. A property that the program
 * does not give does not become an input, however it changed; it shows in the outputs.
 *
 * A default that changed leaves the list of defaults, and an empty list is left out (pulumi/pulumi-terraform-bridge, pull request
 * 3356). The next check then cannot tell it from a default, and the live value stays: drift that no update cures.
 */
export function refreshInputs(oldInputs: PropertyMap, live: PropertyMap): PropertyMap {
  const inputs: PropertyMap = Object.fromEntries(
    Object.entries(oldInputs)
      .filter(([name]) => Object.hasOwn(live, name))
      .map(([name, old]) => [name, refreshed(old, live[name] ?? null)]),
  );
  const defaults = textsOf(oldInputs[defaultsKey]).filter((name) => sameValue(inputs[name], oldInputs[name]));
  return defaults.length === 0 ? inputs : { ...inputs, [defaultsKey]: defaults };
}

function imported(type: PropertyType, live: PropertyValue): PropertyValue {
  if (type.kind === "object" && isPropertyMap(live)) return importInputs(type.properties, live);
  if ((type.kind === "list" || type.kind === "set") && isPropertyList(live)) {
    return live.map((element) => imported(type.element, element));
  }
  return live;
}

/** The inputs that a program would need to declare an object as it is: what is required, and what is not a default. */
export function importInputs(schema: Schema, live: PropertyMap): PropertyMap {
  const inputs: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(schema)) {
    if (property.role === "computed") continue;
    const value = imported(property.type, live[name] ?? null);
    const isDefault =
      property.defaultValue === undefined ? isZero(value) : sameValue(value, property.defaultValue);
    if (property.role === "required" || !isDefault) inputs[name] = value;
  }
  return { ...inputs, [defaultsKey]: [] };
}

/** What was read of an object on its own, not after a change: a list that has nothing is empty then, not absent. */
export function withEmptyLists(schema: Schema, live: PropertyMap): PropertyMap {
  const empty = Object.entries(schema).flatMap(([name, { type }]): [string, PropertyValue][] =>
    (type.kind === "list" || type.kind === "set") && live[name] === null ? [[name, []]] : [],
  );
  return { ...live, ...Object.fromEntries(empty) };
}
