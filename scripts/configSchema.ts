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

/** The name that the repository's own project has, and writes before its keys. */
const ownProject = "dicom-service-client";

/**
 * A JSON Schema for `Pulumi.<stack>.yaml`, made from what the program accepts. Pulumi takes the project's own keys with the
 * project's name before them or without it, and writes them with it; a key in two spellings is an error, and so is one that is
 * not known to the project or its providers.
 *
 * A schema does not know what a project is called. It knows keys without a name, and those under the name that this repository has.
 * Keys under any other name may be another program's: of these, only `clients` is checked, where the value looks as this project's.
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
    $comment: `Of a project that is not called ${ownProject}, the keys with its name before them are checked by the program only, but for clients.`,
    type: "object",
    // Beside config, Pulumi reads none of them.
    propertyNames: {
      not: { pattern: `^(${keys.join("|")}|(${[ownProject, ...Object.keys(providerKeys)].join("|")}):.*)$` },
    },
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          keys.flatMap((key) => [key, ...qualified(ownProject, key)].map((name) => [name, definition(key)])),
        ),
        patternProperties: {
          [clientsOfOthers]: { if: lookingAsOurs, then: definition("clients") },
        },
        propertyNames: {
          anyOf: [
            { enum: keys.flatMap((key) => [key, ...qualified(ownProject, key)]) },
            ...Object.entries(providerKeys).map(([provider, read]) => ({
              pattern: `^${provider}:(config:)?(${read.join("|")})$`,
            })),
            { pattern: `^(?!(${[ownProject, ...Object.keys(providerKeys)].join("|")}):)[^:]+:` },
          ],
        },
        allOf: [
          ...keys.flatMap((key) => onlyOne([key, ...qualified(ownProject, key)])),
          ...Object.entries(providerKeys).flatMap(([provider, read]) =>
            read.flatMap((key) => onlyOne(qualified(provider, key))),
          ),
          {
            if: { required: ["clients"] },
            then: { patternProperties: { [clientsOfOthers]: { not: lookingAsOurs } } },
          },
        ],
      },
    },
    $defs: { ...properties, ...$defs },
  };
}

/** What a key is called with a name before it: as Pulumi writes it, and in an older form. */
function qualified(namespace: string, key: string): readonly string[] {
  return [`${namespace}:${key}`, `${namespace}:config:${key}`];
}

/** The same key under other names than the repository's: those of renamed projects, and of programs that have nothing to do with it. */
const clientsOfOthers = `^(?!${ownProject}:)[^:]+:(config:)?clients$`;

/** A mapping in which something has a display name, as every client has one. */
const lookingAsOurs = {
  type: "object",
  not: { additionalProperties: { not: { type: "object", required: ["displayName"] } } },
};

/** No two of these keys together. */
function onlyOne(names: readonly string[]): readonly object[] {
  return names.flatMap((one, index) =>
    names.slice(index + 1).map((other) => ({ not: { required: [one, other] } })),
  );
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
