import { join } from "node:path";
import { z } from "zod";
import { outputs, secretOutputs } from "../components/outputs";
import { computable } from "../components/readArgs";
import { type ArgumentSchema, argumentsSchema, explanation, referredType } from "./argumentDocs";
import type { GeneratedFile } from "./generatedFile";

/**
 * The types of the component's arguments and outputs, with the comments that editors show. They are made from the schemas, because a
 * type that is inferred from one has no comments, and would make every program that uses the component check zod's types.
 */
export const clientTypes: GeneratedFile = {
  path: join(__dirname, "..", "components", "clientArgs.ts"),
  make: () => {
    const schema = argumentsSchema();
    return [
      'import type { Input, Output } from "@pulumi/pulumi";',
      "// Made by `npm run schema` from the schemas of the children and from outputs.ts; do not edit.",
      declaration(
        "DicomServiceClientArgs",
        { ...schema, description: "Arguments of the component." },
        (key, type) =>
          computable.includes(key) ? `Input<${type.replace(/^(\w+)\[\]$/, "Input<$1>[]")}>` : type,
      ),
      ...Object.entries(schema.$defs ?? {}).map(([name, definition]) => declaration(name, definition)),
      [
        "/** What a client puts out. */",
        "export interface ClientOutputs {",
        ...Object.entries(outputs).flatMap(([name, { type, description }]) => [
          comment(description),
          `readonly ${name}: Output<${outputType(z.toJSONSchema(type) as ArgumentSchema, type.safeParse(undefined).success)}>;`,
        ]),
        "}",
      ].join("\n"),
      [
        comment("The outputs that are Pulumi secrets."),
        `export type SecretOutput = ${Object.keys(secretOutputs)
          .map((name) => JSON.stringify(name))
          .join(" | ")};`,
      ].join("\n"),
    ].join("\n\n");
  },
};

function declaration(
  name: string,
  { description = "", properties = {}, required = [] }: ArgumentSchema,
  wrap: (key: string, type: string) => string = (_, type) => type,
): string {
  return [
    comment(description),
    `export interface ${name} {`,
    ...Object.entries(properties).flatMap(([key, argument]) => {
      const isRequired = required.includes(key);
      return [
        comment(explanation(argument, isRequired)),
        `${key}${isRequired ? "" : "?"}: ${wrap(key, typeOf(argument))};`,
      ];
    }),
    "}",
  ].join("\n");
}

function outputType(schema: ArgumentSchema, isOptional: boolean): string {
  return isOptional ? `${typeOf(schema)} | undefined` : typeOf(schema);
}

function typeOf(schema: ArgumentSchema): string {
  const { type, items, additionalProperties } = schema;
  const named = referredType(schema);
  if (named !== undefined) return named;
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (items) return `${typeOf(items)}[]`;
  if (typeof additionalProperties === "object") return `Record<string, ${typeOf(additionalProperties)}>`;
  return type === "integer" ? "number" : (type ?? "unknown");
}

/** A comment whose lines have the width of the code. */
function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.length === 1
    ? `/** ${text} */`
    : ["/**", ...lines.map((line) => ` * ${line}`), " */"].join("\n");
}
