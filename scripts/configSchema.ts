import { join } from "node:path";
import { z } from "zod";
import { stackConfigSchema } from "../components/stack/config";
import type { GeneratedFile } from "./generatedFile";

/** The JSON Schema of stack files, for editors. */
export const configSchema: GeneratedFile = {
  path: join(__dirname, "..", "components", "stack", "config.schema.json"),
  make: () => JSON.stringify(jsonSchema(), undefined, 2),
};

/**
 * A JSON Schema for `Pulumi.<stack>.yaml`, made from what the program accepts. Pulumi takes the project's own keys with the
 * project's name before them or without it, and writes them with it.
 */
function jsonSchema(): Record<string, unknown> {
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
