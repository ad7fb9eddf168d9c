import {
  describeValue,
  isPropertyList,
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  textsOf,
  UNKNOWN,
} from "../server/propertyValue";
import { defaultsKey } from "./bridgeKeys";
import { type Property, type PropertyType, type Schema, terraformName } from "./propertySchema";

/** What the check of a resource is about, for its messages. */
export interface CheckSubject {
  /** Name of the resource in the program. */
  readonly name: string;
  /** Type token. */
  readonly token: string;
  /** Package name. */
  readonly plugin: string;
}

function isMissing(value: PropertyValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isOfKind(value: PropertyValue, type: PropertyType): boolean {
  switch (type.kind) {
    case "string":
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "integer":
      return Number.isInteger(value);
    case "list":
    case "set":
      return isPropertyList(value);
    case "map":
    case "object":
      return isPropertyMap(value);
  }
}

/** Collects what is wrong with the inputs of one resource, and writes defaults into them. */
class InputCheck {
  readonly failures: string[] = [];

  constructor(private readonly subject: CheckSubject) {}

  properties(schema: Schema, inputs: PropertyMap, old: PropertyValue | undefined, at: string): PropertyMap {
    const checked: Record<string, PropertyValue> = {};
    const before = isPropertyMap(old) ? old : {};
    for (const [name, value] of Object.entries(inputs)) {
      const property = Object.hasOwn(schema, name) ? schema[name] : undefined;
      const path = `${at}.${name}`;
      if (isMissing(value) || name === defaultsKey) continue;
      if (property === undefined || property.role === "computed") {
        this.failures.push(`Invalid or unknown key. Examine values at '${path}'.`);
      } else {
        checked[name] = this.value(property, value, before[name], path, terraformName(name));
      }
    }
    const defaults: string[] = [];
    for (const [name, property] of Object.entries(schema)) {
      if (this.absence(property, name, checked, before, `${at}.${name}`)) defaults.push(name);
    }
    return { ...checked, [defaultsKey]: defaults.toSorted() };
  }

  /** Whether the property got a default. */
  private absence(
    property: Property,
    name: string,
    checked: Record<string, PropertyValue>,
    before: PropertyMap,
    path: string,
  ): boolean {
    if (!isMissing(checked[name])) return false;
    if (property.defaultValue !== undefined) {
      checked[name] = earlierDefault(name, before) ?? property.defaultValue;
      return true;
    }
    if (property.role === "required") {
      this.failures.push(
        `Missing required argument. The argument "${terraformName(name)}" is required, ` +
          `but no definition was found.. Examine values at '${path}'.`,
      );
    }
    return false;
  }

  private value(
    property: Property,
    value: PropertyValue,
    old: PropertyValue | undefined,
    path: string,
    terraformPath: string,
  ): PropertyValue {
    if (value === UNKNOWN) return value;
    if (property.notCovered) {
      const { plugin, token } = this.subject;
      this.failures.push(
        `the stand-in for ${plugin} does not cover the property '${path}' of ${token}; install the real plugin`,
      );
      return value;
    }
    const checked = this.typed(property.type, value, old, path, terraformPath);
    const values: readonly PropertyValue[] = isPropertyList(checked) ? checked : [checked];
    for (const one of values) {
      if (one === UNKNOWN || one === null) continue;
      const problem = property.validate?.(one, terraformPath);
      if (problem !== undefined) this.failures.push(`${problem}. Examine values at '${path}'.`);
    }
    return checked;
  }

  private typed(
    type: PropertyType,
    value: PropertyValue,
    old: PropertyValue | undefined,
    path: string,
    terraformPath: string,
  ): PropertyValue {
    if (value === UNKNOWN || value === null) return value;
    if (!isOfKind(value, type)) {
      this.failures.push(`expected a value of the type ${type.kind}. Examine values at '${path}'.`);
      return value;
    }
    if (type.kind === "object" && isPropertyMap(value)) {
      return this.properties(type.properties, value, old, path);
    }
    if ((type.kind === "list" || type.kind === "set") && isPropertyList(value)) {
      const olds = isPropertyList(old) ? old : [];
      return value.map((element, index) =>
        this.typed(type.element, element, olds[index], `${path}[${index}]`, terraformPath),
      );
    }
    if (type.kind === "string" && typeof value !== "string") return describeValue(value);
    if (type.kind === "boolean" && typeof value === "string") return value === "true";
    return value;
  }
}

/**
 * What a property that the program leaves out was given as its default before. An object without the list of its defaults has only
 * values that may have been: what a refresh found there then becomes the default.
 */
function earlierDefault(name: string, before: PropertyMap): PropertyValue | undefined {
  const defaults = before[defaultsKey];
  return defaults === undefined || textsOf(defaults).includes(name) ? before[name] : undefined;
}

/**
 * Checks the program's inputs against the schema as a bridged provider does, and adds the defaults and their list to
 * them. Unknown values pass. All problems are reported, each with its path.
 *
 * @param oldInputs of the existing object, whose defaults are kept (pulumi/pulumi-terraform-bridge, pkg/tfbridge/schema.go).
 */
export function checkInputs(
  schema: Schema,
  inputs: PropertyMap,
  subject: CheckSubject,
  oldInputs: PropertyMap = {},
): { readonly inputs: PropertyMap; readonly failures: readonly string[] } {
  const check = new InputCheck(subject);
  const checked = check.properties(schema, inputs, oldInputs, subject.name);
  return { inputs: checked, failures: check.failures };
}
