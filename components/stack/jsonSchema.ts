import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stackConfigSchema } from "./config";

/** Where the JSON Schema is kept for editors. */
export const jsonSchemaFile = join(__dirname, "config.schema.json");

/**
 * A JSON Schema for `Pulumi.<stack>.yaml`, made from what the program accepts. Pulumi takes the project's own keys with the
 * project's name before them or without it, and writes them with it.
 */
export function jsonSchema(): Record<string, unknown> {
  const { $schema, properties = {} } = z.toJSONSchema(stackConfigSchema, { io: "input" });
  const keys = Object.keys(properties);
  return {
    $schema,
    title: "Stack file of the DICOM service client project",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys.map((key) => [key, definition(key)])),
        patternProperties: Object.fromEntries(
          keys.map((key) => [`^[A-Za-z0-9_.-]+:${key}$`, definition(key)]),
        ),
      },
    },
    $defs: properties,
  };
}

function definition(key: string): { readonly $ref: string } {
  return { $ref: `#/$defs/${key}` };
}

if (require.main === module) {
  writeFileSync(jsonSchemaFile, `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
}
