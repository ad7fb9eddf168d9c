import { Refusal } from "../../core/refusal";

/** What a DICOM service cannot read; it says why in plain text. */
export function badRequest(message: string): Refusal {
  return new Refusal({ kind: "badRequest", message });
}

/** The value of a query parameter that is a whole number. @throws Refusal when it is another one than `least` to `most` */
export function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw wrongValue(name, value);
}

/** The value of a query parameter is none that it can have. */
export function wrongValue(name: string, value: string): Refusal {
  return badRequest(`The value '${value}' of the query parameter '${name}' is not valid.`);
}
