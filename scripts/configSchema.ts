import { join } from "node:path";
import { z } from "zod";
import { providerKeys } from "../components/stack/configKeys";
import { stackConfigSchema } from "../components/stack/config";
import type { ArgumentSchema } from "./argumentDocs";
import type { GeneratedFile } from "./generatedFile";

/** The JSON Schema of stack files, for editors. */
export const configSchema: GeneratedFile = {
  path: join(__dirname, "..", "components", "stack", "config.schema.json"),
  make: () => JSON.stringify(jsonSchema(), undefined, 2),
};

/** The namespace that the repository's own project writes before its keys. */
const ownProject = "dicom-service-client";

/**
 * A JSON Schema for `Pulumi.<stack>.yaml`, made from what the program accepts. Pulumi takes the project's own keys with the
 * project's name before them or without it, and writes them with it; a key in both spellings is an error, and so is one that is
 * not known to the project or its providers. Of a project with another name a schema cannot tell unknown keys from those of providers.
 */
function jsonSchema(): Record<string, unknown> {
  const {
    $schema,
    properties = {},
    $defs,
  } = inStandardWords(z.toJSONSchema(stackConfigSchema, { io: "input" }));
  const keys = Object.keys(properties);
  return {
    $schema,
    title: "Stack file of the DICOM service client project",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys.map((key) => [key, definition(key)])),
        patternProperties: Object.fromEntries(keys.map((key) => [qualified(key), definition(key)])),
        propertyNames: {
          anyOf: [
            { enum: keys },
            { pattern: qualified(`(${keys.join("|")})`) },
            ...Object.entries(providerKeys).map(([provider, read]) => ({
              pattern: `^${provider}:(config:)?(${read.join("|")})$`,
            })),
            { pattern: `^(?!(${[ownProject, ...Object.keys(providerKeys)].join("|")}):)[^:]+:` },
          ],
        },
        allOf: keys.map((key) => ({
          if: { required: [key] },
          then: { propertyNames: { not: { pattern: qualified(key) } } },
        })),
      },
    },
    $defs: { ...properties, ...$defs },
  };
}

/** A pattern of a key with any project's name before it, in Pulumi's form or its older one. */
function qualified(key: string): string {
  return `^[A-Za-z0-9_.-]+:(config:)?${key}$`;
}

function definition(key: string): { readonly $ref: string } {
  return { $ref: `#/$defs/${key}` };
}

/** A schema that says in its descriptions what it says in words of our own, as editors show only those. */
function inStandardWords<Schema>(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    const { absent, source, ...standard } = value as ArgumentSchema;
    return typeof absent === "string" || typeof source === "string"
      ? {
          ...standard,
          description: [
            standard.description,
            ...(absent === undefined ? [] : [`Default: ${absent}.`]),
            ...(source === undefined ? [] : [`Source: ${source}`]),
          ].join(" "),
        }
      : value;
  }) as Schema;
}
