import { isGuid } from "../../guid";
import { describeValue, type PropertyValue } from "../server/propertyValue";

/** A check of one property value in the wording of Terraform's plugin SDK; undefined when all is well. */
export type Validation = (value: PropertyValue, path: string) => string | undefined;

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export const notEmpty: Validation = (value, path) =>
  value === "" ? `expected "${path}" to not be an empty string, got ` : undefined;

export const notBlank: Validation = (value, path) =>
  typeof value === "string" && value.trim() === ""
    ? `expected "${path}" to not be an empty string or whitespace`
    : undefined;

export const guidOnly: Validation = (value, path) =>
  typeof value === "string" && isGuid(value)
    ? undefined
    : `expected "${path}" to be a valid UUID, got ${describeValue(value)}`;

export const rfc3339Only: Validation = (value, path) =>
  typeof value === "string" && rfc3339.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `expected "${path}" to be a valid RFC3339 date, got "${describeValue(value)}"`;

/** At most `limit` characters. */
export function atMost(limit: number): Validation {
  return (value, path) =>
    typeof value === "string" && value.length > limit
      ? `expected length of ${path} to be in the range (0 - ${limit}), got ${value}`
      : undefined;
}

/** Between one and `limit` characters. */
export function betweenOneAnd(limit: number): Validation {
  return (value, path) =>
    typeof value === "string" && (value.length < 1 || value.length > limit)
      ? `expected length of ${path} to be in the range (1 - ${limit}), got ${value}`
      : undefined;
}

/** One of the texts, case-sensitive. */
export function choiceOnly(...allowed: readonly string[]): Validation {
  return (value, path) =>
    typeof value === "string" && allowed.includes(value)
      ? undefined
      : `expected ${path} to be one of [${allowed.map((text) => `"${text}"`).join(" ")}], got ${describeValue(value)}`;
}

/** The resource id of an application, `/applications/<object id>`. */
export const applicationResourceId: Validation = (value, path) =>
  typeof value === "string" && /^\/applications\/[^/]+$/.test(value)
    ? undefined
    : `parsing "${describeValue(value)}": expected "${path}" to be an Application ID of the form "/applications/applicationId"`;
