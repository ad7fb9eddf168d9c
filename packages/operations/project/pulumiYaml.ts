import { plainLines, yamlText } from "dicom-service-client/model";
import {
  Document,
  parseDocument,
  type ParseOptions,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
  visit,
} from "yaml";

/**
 * A plain number, as the parser of the Pulumi CLI (Go's yaml.v3) takes it: underscores anywhere behind the first character, other
 * bases, and eight for what begins with a nought. Source: https://github.com/go-yaml/yaml/blob/v3/resolve.go
 */
const integerOfBase = /^([-+]?)0(?:([xX])([0-9a-fA-F]+)|([bB])([01]+)|[oO]?([0-7]+))$/;
const number: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  format: "PULUMI",
  identify: (value) => typeof value === "number",
  test: /^(?:[-+]_*)?(?:0_*(?:[xX][0-9a-fA-F_]*[0-9a-fA-F]|[bB][01_]*[01]|[oO][0-7_]*[0-7])_*|(?:[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE]_*[-+]?_*[0-9][0-9_]*)?)$|^(?:[-+]_*)?\.[0-9_]*[0-9][0-9_]*(?:[eE]_*[-+]?_*[0-9][0-9_]*)?$/,
  resolve(text) {
    const digits = text.replaceAll("_", "");
    const [, sign, isHex, hex, isBinary, binary, octal] = integerOfBase.exec(digits) ?? [];
    const size = isHex
      ? Number.parseInt(hex ?? "", 16)
      : isBinary
        ? Number.parseInt(binary ?? "", 2)
        : octal !== undefined
          ? Number.parseInt(octal, 8)
          : undefined;
    const value = size === undefined ? Number(digits) : sign === "-" ? -size : size;
    // What is too large for it stays a text.
    return Number.isFinite(value) ? value : text;
  },
  stringify: ({ source, value }) => source ?? String(value),
};

/** A plain date, or an instant, which the Pulumi CLI hands to programs as Go prints it. */
const dateOrInstant =
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[Tt](?<instant>\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)(?<zone>Z|[-+]\d{2}:\d{2})| (?<local>\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?))?$/;
const timestamp: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: dateOrInstant,
  resolve(text) {
    const {
      year = "",
      month = "",
      day = "",
      instant,
      local,
      zone = "Z",
    } = dateOrInstant.exec(text)?.groups ?? {};
    const date = [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-");
    const time = (instant ?? local ?? "0:0:0").split(":").map((part) => part.replace(/^\d(?!\d)/, "0$&"));
    const parsed = new Date(`${date}T${time.join(":")}Z`);
    // Neither the 30th of February nor the 25th hour is a date.
    if (Number.isNaN(parsed.getTime()) || parsed.getUTCDate() !== Number(day)) return text;
    const offset = zone.replace(":", "");
    return `${date} ${time.join(":")} ${zone === "Z" ? "+0000 UTC" : `${offset} ${offset}`}`;
  },
};

const options: ParseOptions & SchemaOptions = {
  schema: "core",
  merge: true,
  // Words such as "yes", which readers of the older version take for something else, are written in quotes, too.
  compat: "yaml-1.1",
  customTags: (tags: Tags): Tags => [number, timestamp, ...tags],
};

/**
 * Reads YAML as the Pulumi CLI does, so that what this says and what a program gets is the same: its numbers and dates, and merge
 * keys (`<<`). Errors are among the document's.
 */
export function parsePulumiYaml(text: string, further: ParseOptions = {}): Document {
  return parseDocument(text, { ...options, ...further });
}

/**
 * Writes YAML of which the Pulumi CLI, and readers of YAML 1.1, read the same values: text stays text, and what a reader would not see
 * of it is written as an escape.
 */
export function pulumiYaml(value: unknown): string {
  const document = new Document(value, options);
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === "string" && plainLines(scalar.value) !== scalar.value) {
        scalar.type = "QUOTE_DOUBLE";
      }
    },
  });
  return yamlText(document.toString({ lineWidth: 0 }));
}
