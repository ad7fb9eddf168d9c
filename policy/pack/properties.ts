import { isUnknownValue } from "./unknownValue";

/**
 * The properties of a resource as the engine shows them to policies. Reading one that a preview does not know yet throws an
 * UnknownValueError, which the pack's SDK turns into the advice that the policy cannot judge before the update.
 */
export type Properties = Readonly<Record<string, unknown>>;

/** The text of a property; undefined when there is none. */
export function textOf(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a property is true. */
export function isSet(properties: Properties, key: string): boolean {
  return properties[key] === true;
}

/** The entries of a list; empty when there is none. */
export function listOf(properties: Properties, key: string): readonly unknown[] {
  const value = properties[key];
  return Array.isArray(value) ? value : [];
}

/** The properties inside a property; empty when there are none. */
export function objectOf(properties: Properties, key: string): Properties {
  return asProperties(properties[key]);
}

/** A value of unknown origin as properties; empty when it has none. */
export function asProperties(value: unknown): Properties {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/**
 * What a value says: without what is as good as absent (nothing, false, no text, no entries) and without the engine's own records,
 * whose names begin with two underscores. Undefined when nothing is left.
 */
export function saidBy(value: unknown): unknown {
  if (value === null || typeof value !== "object") {
    return value === undefined || value === null || value === false || value === "" ? undefined : value;
  }
  const parts = Object.entries(value)
    .filter(([key]) => !key.startsWith("__"))
    .map(([key, part]) => [key, saidBy(part)] as const)
    .filter(([, part]) => part !== undefined);
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/**
 * Judges every entry of a list, also those after one that a preview does not know yet.
 *
 * @throws UnknownValueError after the last entry, when an entry is not known yet.
 */
export function judgeEach<T>(entries: readonly T[], judge: (entry: T, index: number) => void): void {
  let unknown: Error | undefined;
  for (let index = 0; index < entries.length; index++) {
    try {
      judge(entries[index] as T, index);
    } catch (error) {
      if (!isUnknownValue(error)) {
        throw error;
      }
      unknown ??= error;
    }
  }
  if (unknown) {
    throw unknown;
  }
}
