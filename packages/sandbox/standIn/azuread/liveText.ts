import type { PropertyValue } from "../server/propertyValue";
import { textsIn } from "../http/jsonBody";

/** A text to send: null instead of an empty one. */
export function textOrNull(value: string): string | null {
  return value === "" ? null : value;
}

/** A list that was sent with care for "not set": null in the state, unless the program gave an empty list. */
export function nullWhenUnset(
  live: readonly PropertyValue[],
  asked: PropertyValue | undefined,
): PropertyValue {
  return live.length === 0 && !Array.isArray(asked) ? null : live;
}

/** The texts of a live list in the order of an earlier list, new ones last in their own order: a set's order says nothing. */
export function inOrderOf(live: unknown, earlier: PropertyValue | undefined): string[] {
  const texts = textsIn(live);
  const known = textsIn(earlier).filter((text) => texts.includes(text));
  return [...new Set([...known, ...texts.toSorted()])];
}
