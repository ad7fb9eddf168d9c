import { isJsonObject } from "../http/jsonBody";
import type { PropertyMap, PropertyValue } from "../server/propertyValue";

/** A JSON value of a service as a property value. */
export function propertyValueOf(value: unknown): PropertyValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(propertyValueOf);
  return isJsonObject(value) ? propertiesOf(value, Object.keys(value)) : null;
}

/** Some properties of a JSON object; those that it lacks are null. */
export function propertiesOf(live: unknown, names: readonly string[]): PropertyMap {
  const holder = isJsonObject(live) ? live : {};
  return Object.fromEntries(names.map((name) => [name, propertyValueOf(holder[name])]));
}
