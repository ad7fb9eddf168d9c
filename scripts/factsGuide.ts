import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allFacts } from "./allFacts";
import type { GeneratedFile } from "./generatedFile";
import { withSection } from "./section";

const path = join(__dirname, "..", "docs", "reference", "facts.md");

/** The reference whose table is made from the facts. */
export const factsGuide: GeneratedFile = {
  path,
  make: () => withSection(readFileSync(path, "utf8"), "facts", content()),
};

function content(): readonly string[] {
  const rows = Object.values(allFacts).map(
    ({ what, value, source, readOn, lookAgainOn }) =>
      `| ${what} | \`${value}\` | ${source} | ${readOn} | ${lookAgainOn} |`,
  );
  return [
    ["| fact | value | source | read on | look again on |", "| --- | --- | --- | --- | --- |", ...rows].join(
      "\n",
    ),
  ];
}
