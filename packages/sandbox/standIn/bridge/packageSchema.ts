import type { PropertyType, Schema } from "./propertySchema";

/** What a resource looks like in a Pulumi package schema. */
export interface DescribedResource {
  readonly inputs: Schema;
  readonly outputs: Schema;
}

type Json = Readonly<Record<string, unknown>>;

function typeOf(type: PropertyType): Json {
  switch (type.kind) {
    case "string":
    case "boolean":
    case "integer":
      return { type: type.kind };
    case "map":
      return { type: "object", additionalProperties: { type: "string" } };
    case "list":
    case "set":
      return { type: "array", items: typeOf(type.element) };
    case "object":
      return { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
  }
}

function propertiesOf(schema: Schema, isIncluded: (role: Schema[string]["role"]) => boolean): Json {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([, property]) => isIncluded(property.role))
      .map(([name, property]) => [
        name,
        {
          ...typeOf(property.type),
          ...(property.secret === true ? { secret: true } : {}),
          ...(property.forceNew === true ? { willReplaceOnChanges: true } : {}),
        },
      ]),
  );
}

function requiredIn(schema: Schema): string[] {
  return Object.keys(schema).filter((name) => schema[name]?.role === "required");
}

/**
 * A Pulumi package schema of what a stand-in covers. Nested blocks are described as free objects; the real
 * plugin's schema is the one to generate code from.
 */
export function packageSchema(
  name: string,
  version: string,
  resources: ReadonlyMap<string, DescribedResource>,
  functions: readonly { readonly token: string }[],
): string {
  return JSON.stringify({
    name,
    version,
    description: `What the stand-in for ${name} covers; not the schema of the real plugin.`,
    resources: Object.fromEntries(
      [...resources].map(([token, { inputs, outputs }]) => [
        token,
        {
          inputProperties: propertiesOf(inputs, (role) => role !== "computed"),
          requiredInputs: requiredIn(inputs),
          properties: propertiesOf(outputs, () => true),
        },
      ]),
    ),
    functions: Object.fromEntries(functions.map(({ token }) => [token, {}])),
  });
}
