import * as fc from "fast-check";
import { hostileText, hostileValue } from "./hostileValues";

type Place = readonly [holder: Record<string, unknown> | unknown[], key: string];

interface Change {
  /** Which of all places, counted in order and modulo their number. */
  readonly at: number;
  readonly kind: "replace" | "remove" | "rename" | "add" | "repeat";
  readonly name: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(9_999),
  kind: fc.constantFrom("replace", "replace", "remove", "rename", "add", "repeat"),
  name: hostileText,
  value: hostileValue,
});

/** Copies of a valid value with one to four changes anywhere inside: replaced, removed, renamed, added or repeated parts. */
export function mutatedValue(valid: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = structuredClone(valid);
    // What was generated belongs to fast-check, which uses it again; later changes must not reach it.
    for (const one of changes) apply(copy, { ...one, value: structuredClone(one.value) });
    return copy;
  });
}

function apply(root: Record<string, unknown>, { at, kind, name, value }: Change): void {
  const places = placesIn(root);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return;
  const [holder, key] = place;
  const before = Reflect.get(holder, key) as unknown;
  switch (kind) {
    case "replace":
      set(holder, key, value);
      return;
    case "remove":
      remove(holder, key);
      return;
    case "rename":
      remove(holder, key);
      set(holder, name, before);
      return;
    case "add":
      set(holder, name, value);
      return;
    case "repeat":
      if (Array.isArray(holder)) holder.push(structuredClone(before));
      else set(holder, `${key}2`, structuredClone(before));
  }
}

function placesIn(value: unknown): Place[] {
  if (value === null || typeof value !== "object") return [];
  const holder = value as Record<string, unknown> | unknown[];
  return Object.entries(holder).flatMap(([key, inner]): Place[] => [[holder, key], ...placesIn(inner)]);
}

function remove(holder: Record<string, unknown> | unknown[], key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

/** Sets an own property, also one by the name of `__proto__`, as a parser of JSON does. */
function set(holder: Record<string, unknown> | unknown[], key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d+$/.test(key)) {
    holder.push(value);
    return;
  }
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}
