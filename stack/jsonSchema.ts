import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stackConfigSchema } from "./config";

/** Where the JSON Schema is kept for editors. */
export const jsonSchemaFile = join(__dirname, "config.schema.json");

/** The project's name in Pulumi.yaml, which prefixes its config keys. */
const projectName = "dicom-service-client";

/** A JSON Schema for `Pulumi.<stack>.yaml`, made from what the program accepts. */
export function jsonSchema(): Record<string, unknown> {
  const { $schema, properties, additionalProperties, ...rest } = z.toJSONSchema(stackConfigSchema, {
    io: "input",
  });
  void additionalProperties;
  return {
    $schema,
    title: "Stack file of the DICOM service client project",
    type: "object",
    properties: {
      config: {
        ...rest,
        properties: prefixed(properties ?? {}),
        required: (rest.required ?? []).map((key) => `${projectName}:${key}`),
      },
    },
  };
}

function prefixed(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`${projectName}:${key}`, value]),
  );
}

if (require.main === module) {
  writeFileSync(jsonSchemaFile, `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
}
