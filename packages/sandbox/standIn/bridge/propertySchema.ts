import type { PropertyMap, PropertyValue } from "../server/propertyValue";
import { defaultsKey } from "./bridgeKeys";

/** Type of a property's value. `object` is a block that occurs at most once; a `map` has free keys and text values. */
export type PropertyType =
  | { readonly kind: "string" | "boolean" | "integer" | "map" }
  | { readonly kind: "list" | "set"; readonly element: PropertyType }
  | { readonly kind: "object"; readonly properties: Schema };

/**
 * Who sets a property: the program has to (`required`), may (`optional`), may and otherwise the service
 * does (`optionalComputed`), or always the service (`computed`).
 */
export type PropertyRole = "required" | "optional" | "optionalComputed" | "computed";

/** One property of a resource. */
export interface Property {
  readonly type: PropertyType;
  readonly role: PropertyRole;
  /** What a program that leaves the property out asks for; written into the inputs. */
  readonly defaultValue?: PropertyValue;
  /** A change of it replaces the object. */
  readonly forceNew?: boolean;
  /** The value is secret in the outputs. */
  readonly secret?: boolean;
  /** What is wrong with a known, non-null value, or undefined. `path` is the property's name in the real plugin's messages. */
  readonly validate?: (value: PropertyValue, path: string) => string | undefined;
  /** The stand-in cannot do what setting this property asks for, and says so. */
  readonly notCovered?: boolean;
  /**
   * For a block that the service always returns: whether what it returned says nothing (so a program
   * without the block asks for no change).
   */
  readonly saysNothing?: (block: PropertyMap) => boolean;
}

/** The properties of a resource or of a nested block, by their Pulumi names. */
export type Schema = Readonly<Record<string, Property>>;

type Extras = Omit<Property, "type" | "role">;

export const stringType: PropertyType = { kind: "string" };
export const booleanType: PropertyType = { kind: "boolean" };
export const integerType: PropertyType = { kind: "integer" };
export const mapType: PropertyType = { kind: "map" };

/** Ordered values. */
export function listOf(element: PropertyType): PropertyType {
  return { kind: "list", element };
}

/** Values whose order says nothing. */
export function setOf(element: PropertyType): PropertyType {
  return { kind: "set", element };
}

/** A nested block. */
export function block(properties: Schema): PropertyType {
  return { kind: "object", properties };
}

export function required(type: PropertyType, extras: Extras = {}): Property {
  return { type, role: "required", ...extras };
}

export function optional(type: PropertyType, extras: Extras = {}): Property {
  return { type, role: "optional", ...extras };
}

export function optionalComputed(type: PropertyType, extras: Extras = {}): Property {
  return { type, role: "optionalComputed", ...extras };
}

export function computed(type: PropertyType, extras: Extras = {}): Property {
  return { type, role: "computed", ...extras };
}

/**
 * Whether a value is what a property holds that nobody set: the real plugin stores null, "", false, 0 and
 * empty collections for that and takes them for equal.
 */
export function isZero(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (typeof value !== "object") return false;
  return Object.keys(value).every((key) => key === defaultsKey);
}

/** The name a property has in Terraform's messages: `displayName` is `display_name`. */
export function terraformName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
