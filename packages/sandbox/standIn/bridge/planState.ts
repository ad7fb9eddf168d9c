import {
  isPropertyList,
  isPropertyMap,
  sameValue,
  UNKNOWN,
  type PropertyMap,
  type PropertyValue,
} from "../server/propertyValue";
import { copyAt, parsePath } from "./propertyPath";
import { isZero, type Property, type PropertyType, type Schema } from "./propertySchema";

/** What a plan starts from. */
export interface PlanRequest {
  readonly schema: Schema;
  /** Checked inputs. */
  readonly inputs: PropertyMap;
  /** The outputs of the existing object; absent when it is to be created. */
  readonly old?: PropertyMap;
  /** Property paths whose changes the program wants ignored. */
  readonly ignoreChanges?: readonly string[];
}

function isGiven(value: PropertyValue | undefined): value is Exclude<PropertyValue, null> {
  return value !== undefined && value !== null;
}

function keepsOldBlock(property: Property, old: PropertyValue | undefined): boolean {
  return property.saysNothing !== undefined && isPropertyMap(old) && property.saysNothing(old);
}

function planProperty(
  property: Property,
  input: PropertyValue | undefined,
  old: PropertyValue | undefined,
): PropertyValue {
  if (property.role !== "computed" && isGiven(input)) return planValue(property.type, input, old);
  if (property.role === "computed" || property.role === "optionalComputed") return old ?? UNKNOWN;
  if (keepsOldBlock(property, old) || isZero(old)) return old ?? null;
  return null;
}

function planValue(
  type: PropertyType,
  input: Exclude<PropertyValue, null>,
  old: PropertyValue | undefined,
): PropertyValue {
  if (type.kind === "object" && isPropertyMap(input)) {
    return planProperties(type.properties, input, isPropertyMap(old) ? old : undefined);
  }
  if (type.kind === "set" && isPropertyList(input) && isPropertyList(old))
    return inOrderOf(input, old, type.element);
  if (type.kind === "list" && isPropertyList(input)) {
    const olds = isPropertyList(old) ? old : [];
    return input.map((element, index) =>
      isGiven(element) ? planValue(type.element, element, olds[index]) : element,
    );
  }
  return input;
}

/** A set that has the elements of the existing one keeps that one's order, so that it reads as unchanged. */
function inOrderOf(
  input: readonly PropertyValue[],
  old: readonly PropertyValue[],
  element: PropertyType,
): readonly PropertyValue[] {
  const planned = input.map((value) => (isGiven(value) ? planValue(element, value, undefined) : value));
  const same =
    planned.length === old.length &&
    old.every((value) => planned.some((other) => meansTheSame(value, other)));
  return same ? old : planned;
}

function meansTheSame(a: PropertyValue, b: PropertyValue): boolean {
  if (isPropertyMap(a) && isPropertyMap(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => meansTheSame(a[name] ?? null, b[name] ?? null));
  }
  return (isZero(a) && isZero(b)) || sameValue(a, b);
}

function planProperties(schema: Schema, inputs: PropertyMap, old: PropertyMap | undefined): PropertyMap {
  return Object.fromEntries(
    Object.entries(schema).map(([name, property]) => {
      const nested = old === undefined ? undefined : (old[name] ?? null);
      return [name, planProperty(property, inputs[name], nested)];
    }),
  );
}

/**
 * The state that carrying out the inputs is expected to lead to, for every property of the schema: what
 * the program gives, else what the service keeps, else null; UNKNOWN where only the service will know.
 * Ignored changes keep the existing value.
 */
export function planState({ schema, inputs, old, ignoreChanges = [] }: PlanRequest): PropertyMap {
  const planned = planProperties(schema, inputs, old);
  if (old === undefined) return planned;
  return ignoreChanges.reduce((state, path) => copyAt(state, old, parsePath(path)), planned);
}
