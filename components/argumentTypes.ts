import { z } from "zod";
import { isGuid } from "./azureResourceId";
import { parseCalendarDay } from "./calendarDate";

/*
 * The types of arguments. What an argument means is said where it is declared, by these words of JSON Schema and of our own:
 * `description`, `default` (a value) or `absent` (what happens without it), `examples` and `source`. `npm run schema` makes of
 * them, and of the limits, the types in clientArgs.ts, both JSON Schemas, and the reference.
 */

export const text = (longest: number): z.ZodString =>
  z
    .string()
    .refine((value) => value.trim() !== "" && value.length <= longest, {
      error: `must have 1 to ${longest} characters`,
    })
    .meta({ minLength: 1, maxLength: longest });

export const httpsUrl = (): z.ZodString =>
  z
    .string()
    .refine((value) => URL.canParse(value) && new URL(value).protocol === "https:", {
      error: ({ input }) => `${quote(input)} is not an address that starts with https://`,
    })
    .meta({ format: "uri" });

/** @param what the rule that a number outside breaks, for the message. */
export const wholeNumber = (least: number, most: number, what: string): z.ZodNumber =>
  z
    .number()
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, {
      error: ({ input }) => `${String(input)} is out of range; ${what}`,
    })
    .meta({ type: "integer", minimum: least, maximum: most });

/** @param what the thing that has the GUID, with its article, for the message. */
export const guid = (what: string): z.ZodString =>
  z
    .string()
    .refine(isGuid, { error: ({ input }) => `${quote(input)} is not ${what} (a GUID)` })
    .meta({ format: "uuid" });

/** Object id of a user, group or service principal. */
export const objectId = guid("an object id");

/** A date such as `2026-11-23`. */
export const date = z
  .string()
  .refine((value) => parseCalendarDay(value) !== undefined, {
    error: ({ input }) => `${quote(input)} is not a calendar date; write it as "2026-11-23"`,
  })
  .meta({ format: "date" });

/** Where later entries repeat an earlier one. Entries without an identity repeat nothing. */
export function repeated(
  identities: readonly (string | undefined)[],
): { readonly index: number; readonly first: number }[] {
  return identities.flatMap((identity, index) => {
    const first = identities.indexOf(identity);
    return identity !== undefined && first < index ? [{ index, first }] : [];
  });
}

export function quote(value: unknown): string {
  return JSON.stringify(value);
}
