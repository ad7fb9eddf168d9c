import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OutsideFact, outsideFacts } from "dicom-service-client/model";
import type { GeneratedFile } from "./generatedFile";
import { withSection } from "./section";

const path = join(__dirname, "..", "docs", "reference", "facts.md");

/** The reference whose table is made from the facts. */
export const factsGuide: GeneratedFile = {
  path,
  make: () => withSection(readFileSync(path, "utf8"), "facts", content()),
};

function content(): readonly string[] {
  const facts: readonly OutsideFact[] = Object.values(outsideFacts);
  const rows = facts.map(
    ({ what, value, source, readOn, lookAgainOn }) =>
      `| ${what} | \`${value}\` | ${source} | ${readOn} | ${lookAgainOn} |`,
  );
  return [
    ["| fact | value | source | read on | look again on |", "| --- | --- | --- | --- | --- |", ...rows].join(
      "\n",
    ),
  ];
}
