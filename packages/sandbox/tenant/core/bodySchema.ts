import { isGuid } from "../../guid";

/** A value in a request body that the operation does not take. */
export class BodySchemaError extends Error {
  override readonly name = "BodySchemaError";

  constructor(
    /** `unknown`: no such property; `invalid`: wrong type or value; `required`: absent; `notImplemented`: only the service takes it. */
    readonly problem: "unknown" | "invalid" | "required" | "notImplemented",
    /** Dotted path of the property. */
    readonly property: string,
  ) {
    super(`${problem} property ${property}`);
  }
}

/** Describes one value of a request body: how it is read, and what it is when nothing was said. */
export interface BodySchema<T> {
  /** @param before the value it had; complex values merge with it property by property */
  read(value: unknown, property: string, before: T | undefined): T;
  initial(): T;
}

export type BodyValue<S> = S extends BodySchema<infer T> ? T : never;

function scalar<T>(initial: T, accepts: (value: unknown) => value is T): BodySchema<T> {
  return {
    initial: () => initial,
    read(value, property) {
      if (!accepts(value)) throw new BodySchemaError("invalid", property);
      return value;
    },
  };
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Text, empty unless set. */
export const text = scalar<string>("", isText);
/** Text or null, null unless set. */
export const nullableText = nullable(text);

export function flag(initial: boolean): BodySchema<boolean> {
  return scalar(initial, (value): value is boolean => typeof value === "boolean");
}

/** True, false or null, null unless set. */
export const nullableFlag = nullable(flag(false));

/** A whole number or null, null unless set. */
export const nullableInteger = nullable(
  scalar<number>(0, (value): value is number => typeof value === "number" && Number.isInteger(value)),
);

/** @param others what the service takes beside these, and this tenant does not */
export function oneOf<const T extends string>(
  values: readonly [T, ...T[]],
  others: readonly string[] = [],
): BodySchema<T> {
  const known = scalar<T>(values[0], (value): value is T => values.some((one) => one === value));
  return {
    initial: () => known.initial(),
    read(value, property, before) {
      if (others.some((one) => one === value)) throw new BodySchemaError("notImplemented", property);
      return known.read(value, property, before);
    },
  };
}

/** A GUID, brought to lower case. */
export const guid: BodySchema<string> = {
  initial: () => "",
  read(value, property) {
    if (!isText(value) || !isGuid(value)) {
      throw new BodySchemaError("invalid", property);
    }
    return value.toLowerCase();
  },
};

/** A list, replaced as a whole; empty unless set. */
export function list<T>(item: BodySchema<T>): BodySchema<readonly T[]> {
  return {
    initial: () => [],
    read(value, property) {
      if (!Array.isArray(value)) throw new BodySchemaError("invalid", property);
      return value.map((entry: unknown) => item.read(entry, property, undefined));
    },
  };
}

/** A value that may be null, and is null unless set or said otherwise. */
export function nullable<T>(inner: BodySchema<T>, initial: T | null = null): BodySchema<T | null> {
  return {
    initial: () => initial,
    read: (value, property, before) =>
      value === null ? null : inner.read(value, property, before ?? undefined),
  };
}

/** A value that is null in a request to have it reset. */
export function resettable<T>(inner: BodySchema<T>): BodySchema<T> {
  return {
    initial: () => inner.initial(),
    read: (value, property, before) =>
      value === null ? inner.initial() : inner.read(value, property, before),
  };
}

/** A complex value that a request replaces as a whole: what it leaves out is reset. */
export function replaced<T>(inner: BodySchema<T>): BodySchema<T> {
  return {
    initial: () => inner.initial(),
    read: (value, property) => inner.read(value, property, undefined),
  };
}

/** Values by names that the caller chooses, replaced as a whole; none unless set. */
export function map<T>(item: BodySchema<T>): BodySchema<Readonly<Record<string, T>>> {
  return {
    initial: () => ({}),
    read: (value, property) =>
      Object.fromEntries(
        Object.entries(asObject(value, property)).map(([name, inner]) => [
          name,
          item.read(inner, `${property}.${name}`, undefined),
        ]),
      ),
  };
}

/** Texts by names that the caller chooses. */
export const textMap = map(text);

function asObject(value: unknown, property: string): object {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  throw new BodySchemaError("invalid", property);
}

/**
 * An object with the properties given and no others. Properties that the request leaves out keep their value; annotations such as
 * `@odata.type` are ignored.
 * @param others properties that the service takes beside these, and this tenant does not
 */
export function object<F extends Record<string, BodySchema<unknown>>>(
  fields: F,
  required: readonly (keyof F & string)[] = [],
  others: readonly string[] = [],
): BodySchema<{ readonly [Name in keyof F]: BodyValue<F[Name]> }> {
  type Value = { readonly [Name in keyof F]: BodyValue<F[Name]> };
  const initial = (): Value =>
    Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.initial()])) as Value;
  return {
    initial,
    read(value, property, before) {
      const given = asObject(value, property);
      const inside = (name: string): string => (property === "" ? name : `${property}.${name}`);
      const result: Record<string, unknown> = { ...(before ?? initial()) };
      for (const [name, inner] of Object.entries(given)) {
        if (name.includes("@")) continue;
        const schema = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (schema === undefined) {
          throw new BodySchemaError(others.includes(name) ? "notImplemented" : "unknown", inside(name));
        }
        result[name] = schema.read(inner, inside(name), result[name]);
      }
      if (before === undefined) {
        const missing = required.find((name) => !Object.hasOwn(given, name));
        if (missing !== undefined) throw new BodySchemaError("required", inside(missing));
      }
      return result as Value;
    },
  };
}
