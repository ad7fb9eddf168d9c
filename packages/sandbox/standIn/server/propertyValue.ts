/** Stands for a value that is not known before the deployment is carried out (Pulumi's "computed" value in a preview). */
export const UNKNOWN: unique symbol = Symbol("unknown until deployed");

/** A Pulumi property value as the stand-ins work with it: JSON plus {@link UNKNOWN}; secrets are unwrapped. */
export type PropertyValue =
  null | boolean | number | string | typeof UNKNOWN | readonly PropertyValue[] | PropertyMap;

/** The properties of a resource, a function's arguments, or a nested object. */
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** Whether the value is an object (neither an array nor null). */
export function isPropertyMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property of a value, if that is an object. */
export function within(holder: PropertyValue | undefined, name: string): PropertyValue | undefined {
  return isPropertyMap(holder) ? holder[name] : undefined;
}

/** Whether the value is an array. */
export function isPropertyList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Whether the value is, or anywhere contains, something that is not known yet. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isPropertyList(value)) return value.some(containsUnknown);
  if (isPropertyMap(value)) return Object.values(value).some(containsUnknown);
  return false;
}

/** Deep equality; the order of an object's properties does not matter. */
export function sameValue(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === b) return true;
  if (isPropertyList(a) && isPropertyList(b)) {
    return a.length === b.length && a.every((element, index) => sameValue(element, b[index]));
  }
  if (isPropertyMap(a) && isPropertyMap(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
    );
  }
  return false;
}

/** The text of a string property; "" when it is absent, null or not known. */
export function textOf(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The texts of a list of strings; empty when it is absent, null or not known. */
export function textsOf(value: PropertyValue | undefined): string[] {
  return isPropertyList(value) ? value.filter((element) => typeof element === "string") : [];
}

/** The objects of a list of objects; empty when it is absent, null or not known. */
export function mapsOf(value: PropertyValue | undefined): PropertyMap[] {
  return isPropertyList(value) ? value.filter(isPropertyMap) : [];
}

/** A value as it reads in a message: texts as they are, everything else as JSON. */
export function describeValue(value: PropertyValue): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "a value that is not known yet");
}
