/** A value in the one form in which audits compare: nothing, false, "" and what is empty are the same, and order does not count. */
export type Canonical =
  null | string | number | true | readonly Canonical[] | { readonly [name: string]: Canonical };

/** The canonical form of what a service, or a state, says. */
export function canonical(value: unknown): Canonical {
  if (Array.isArray(value)) {
    const items = value.map(canonical).filter((item) => item !== null);
    return items.length === 0 ? null : items.sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .map(([name, item]) => [name, canonical(item)] as const)
      .filter(([, item]) => item !== null)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return entries.length === 0 ? null : Object.fromEntries(entries);
  }
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" || value === true ? value : null;
}

/** Whether two values say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return textOf(canonical(one)) === textOf(canonical(other));
}

/** Whether two ids are of the same object: services and people write them in either case. */
export function isSameId(one: string | null | undefined, other: string | null | undefined): boolean {
  return (one ?? "").toLowerCase() === (other ?? "").toLowerCase();
}

/** Whether two texts are of the same instant, however exactly they are written; seconds count. */
export function isSameInstant(one: string | null, other: string | null): boolean {
  const seconds = (text: string | null): number | null =>
    text === null || text === "" ? null : Math.floor(Date.parse(text) / 1000);
  return Object.is(seconds(one), seconds(other));
}

function textOf(value: Canonical): string {
  return JSON.stringify(value);
}
