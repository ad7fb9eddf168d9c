import { closest, distance } from "fastest-levenshtein";

/** A further line that names what was probably meant; empty when nothing is similar. */
export function suggestion(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const meant = closest(wanted, names);
  return distance(wanted, meant) <= Math.max(1, meant.length / 3) ? `\nDid you mean ${meant}?` : "";
}
