import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stackConfigSchema } from "../components/stack/config";
import { type ArgumentSchema, limits, referredType } from "./argumentDocs";
import type { GeneratedFile } from "./generatedFile";
import { withSection } from "./section";

const path = join(__dirname, "..", "docs", "reference", "configuration.md");

/** The guide whose tables of keys are made from what the program accepts. */
export const configurationGuide: GeneratedFile = {
  path,
  make: () => withKeys(readFileSync(path, "utf8")),
};

/**
 * Puts the tables of all keys into the guide.
 *
 * @param guide the guide, in which two comments mark the place.
 * @param schema JSON Schema of the configuration, without the project's name before its keys. Default: what the program accepts.
 * @throws Error when the guide does not mark the place.
 */
export function withKeys(guide: string, schema: unknown = programSchema()): string {
  return withSection(guide, "keys", sections(schema as ArgumentSchema));
}

function programSchema(): unknown {
  return z.toJSONSchema(stackConfigSchema, { io: "input" });
}

/** One section for each mapping, in the order in which they come up. */
function sections(root: ArgumentSchema): string[] {
  const done: string[] = [];
  const waiting: [path: string, schema: ArgumentSchema][] = [["", root]];
  const resolved = (schema: ArgumentSchema): ArgumentSchema => ({
    ...root.$defs?.[referredType(schema) ?? ""],
    ...schema,
  });
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [path, { properties = {}, required = [] }] = next;
    const rows: string[] = [];
    for (const [key, written] of Object.entries(properties)) {
      const schema = resolved(written);
      const inner = innerMapping(schema, resolved);
      const own = `${path}${path === "" ? "" : "."}${key}`;
      if (inner) waiting.push([`${own}${inner.suffix}`, inner.schema]);
      rows.push(row(key, schema, required.includes(key), inner && `${own}${inner.suffix}`));
    }
    done.push(
      [
        `### ${path === "" ? "The stack" : `\`${path}\``}`,
        ["| key | value | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n"),
      ].join("\n\n"),
    );
  }
  return done;
}

/** The mapping that a key holds, directly, in a list or under names of the user's choice. */
function innerMapping(
  schema: ArgumentSchema,
  resolved: (schema: ArgumentSchema) => ArgumentSchema,
): { readonly suffix: string; readonly schema: ArgumentSchema } | undefined {
  if (schema.properties) return { suffix: "", schema };
  const item = schema.items && resolved(schema.items);
  if (item?.properties) return { suffix: "[]", schema: item };
  const { additionalProperties: named } = schema;
  const one = typeof named === "object" ? resolved(named) : undefined;
  return one?.properties ? { suffix: ".<name>", schema: one } : undefined;
}

function row(key: string, schema: ArgumentSchema, isRequired: boolean, section: string | undefined): string {
  const value = section === undefined ? valueOf(schema) : `[${valueOf(schema)}](#${anchor(section)})`;
  const standard = schema.default === undefined ? (schema.absent ?? "–") : String(schema.default);
  return `| \`${key}\` | ${value} | ${isRequired ? "**required**" : standard} | ${schema.description ?? ""} |`;
}

function valueOf(schema: ArgumentSchema): string {
  const { anyOf, items, pattern } = schema;
  if (anyOf) return anyOf.map(valueOf).join(" or ");
  if (schema.const !== undefined) return schema.const === "" ? "nothing" : `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${one}\``).join(", ");
  const bounds = limits(schema);
  return [
    items && !items.properties && !items.$ref ? `list of ${valueOf(items)}` : kindOf(schema),
    ...(bounds === "" ? [] : [bounds]),
    ...(pattern === undefined ? [] : [`\`${pattern.replaceAll("|", "\\|")}\``]),
  ].join(", ");
}

function kindOf({ type, format, additionalProperties }: ArgumentSchema): string {
  switch (type) {
    case "integer":
      return "whole number";
    case "boolean":
      return "`true` or `false`";
    case "array":
      return "list";
    case "object":
      return typeof additionalProperties === "object" ? "mapping by names" : "mapping";
    default:
      return formats[format ?? ""] ?? "text";
  }
}

const formats: Readonly<Record<string, string>> = {
  date: 'date, as `"2026-11-23"`',
  uri: "https address",
  uuid: "GUID",
};

/** The address that a heading has in rendered Markdown. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}
