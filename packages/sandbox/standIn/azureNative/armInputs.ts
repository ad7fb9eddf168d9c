import type { Schema } from "../bridge/propertySchema";
import type { PropertyChange } from "../server/plugin";
import {
  isPropertyList,
  isPropertyMap,
  sameValue,
  UNKNOWN,
  type PropertyMap,
  type PropertyValue,
} from "../server/propertyValue";

/** Marks inputs whose name was made up by the provider: such an object can be replaced before it is deleted. */
export const createBeforeDelete = "__createBeforeDelete";

/** Required inputs that are missing, nested ones included. */
export function missingInputs(schema: Schema, inputs: PropertyMap, within = ""): string[] {
  return Object.entries(schema).flatMap(([name, property]): string[] => {
    const path = within === "" ? name : `${within}.${name}`;
    const value = inputs[name];
    if (value === undefined || value === null) {
      return property.role === "required" ? [`missing required property '${path}'`] : [];
    }
    return property.type.kind === "object" && isPropertyMap(value)
      ? missingInputs(property.type.properties, value, path)
      : [];
  });
}

/** Properties without those that are null: the service's "not set" is left out of inputs and outputs. */
export function withoutNulls(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, isPropertyMap(value) ? withoutNulls(value) : value]),
  );
}

function isInternal(name: string): boolean {
  return name.startsWith("__");
}

function describeChange(
  changes: Map<string, PropertyChange>,
  path: string,
  old: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  replace: boolean,
): void {
  if (sameValue(old, wanted) && wanted !== UNKNOWN) return;
  if (isPropertyMap(old) && isPropertyMap(wanted)) {
    for (const name of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
      describeChange(changes, `${path}.${name}`, old[name], wanted[name], replace);
    }
    return;
  }
  if (isPropertyList(old) && isPropertyList(wanted)) {
    for (let index = 0; index < Math.max(old.length, wanted.length); index += 1) {
      describeChange(changes, `${path}[${index}]`, old[index], wanted[index], false);
    }
    return;
  }
  const kind = old === undefined ? "add" : wanted === undefined ? "delete" : "update";
  changes.set(path, { kind, replace, inputDiff: true });
}

/** What differs between two sets of inputs. A change of, or within, a property of `replacing` replaces the object. */
export function diffInputs(
  old: PropertyMap,
  wanted: PropertyMap,
  replacing: ReadonlySet<string>,
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();
  const [before, after] = [withoutNulls(old), withoutNulls(wanted)];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isInternal(name)) continue;
    describeChange(changes, name, before[name], after[name], replacing.has(name));
  }
  return changes;
}

/** The part of outputs that are inputs at the same time. */
export function inputsAmong(schema: Schema, outputs: PropertyMap): PropertyMap {
  const inputs: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(schema)) {
    const value = outputs[name];
    if (value === undefined || value === null) continue;
    inputs[name] =
      property.type.kind === "object" && isPropertyMap(value)
        ? inputsAmong(property.type.properties, value)
        : value;
  }
  return inputs;
}

/** Carries what changed between two states over to the inputs, property by property, and nothing else. */
export function applyChanges(inputs: PropertyMap, before: PropertyMap, after: PropertyMap): PropertyMap {
  const result: Record<string, PropertyValue> = { ...inputs };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const input = inputs[name];
    const old = before[name];
    const live = after[name];
    if (sameValue(old, live)) continue;
    if (live === undefined) delete result[name];
    else if (isPropertyMap(input) && isPropertyMap(old) && isPropertyMap(live)) {
      result[name] = applyChanges(input, old, live);
    } else result[name] = live;
  }
  return result;
}

/** Outputs before there are any: what the inputs say, and UNKNOWN for the rest. */
export function previewOutputs(schema: Schema, inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(schema).map(([name, property]): [string, PropertyValue] => {
      const value = inputs[name] ?? UNKNOWN;
      return [
        name,
        property.type.kind === "object" && isPropertyMap(value)
          ? previewOutputs(property.type.properties, value)
          : value,
      ];
    }),
  );
}
