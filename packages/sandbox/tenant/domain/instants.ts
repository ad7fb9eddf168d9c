import { invalidValue } from "./directoryRefusals";

/** A moment as the directory writes it: UTC, trailing zeros of the fraction dropped, for example `2027-05-01T00:00:00Z`. */
export function toInstant(date: Date): string {
  return date.toISOString().replace(/\.?0*Z$/, "Z");
}

/** A moment of which the directory keeps whole seconds only, such as a time of creation. */
export function toWholeSecond(date: Date): string {
  return toInstant(new Date(Math.floor(date.getTime() / 1000) * 1000));
}

/** Reads an RFC 3339 date and time with its offset; undefined when it is none. */
export function parseInstant(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * The date in a property of a credential, if it has one.
 * @param resource name of the type, for example `PasswordCredential`
 * @throws Refusal when it is no date
 */
export function readInstant(text: string | null, property: string, resource: string): Date | undefined {
  const date = text === null ? undefined : parseInstant(text);
  if (text !== null && date === undefined) throw invalidValue(property, resource);
  return date;
}

/** The same day and time a number of years later; 29 February becomes 28 February. */
export function addYears(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(date.getUTCFullYear() + years);
  if (later.getUTCMonth() !== date.getUTCMonth()) later.setUTCDate(0);
  return later;
}
