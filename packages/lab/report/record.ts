import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { labFolder } from "../labFolder";
import { describeMachine } from "./machine";

/** The documents in `records/`: what was measured, by whom it can be measured again, and what it means. */
export type RecordName = "performance" | "reliability";

/** Where the report of a measurement belongs. */
export interface ReportPlace {
  readonly record: RecordName;
  /** The part of the record that it takes the place of. */
  readonly section: string;
  /** Whether the record is brought up to date; the report is printed in any case. */
  readonly write: boolean;
}

/** Prints the report of a measurement, headed by what it was measured with, and writes it into a record if that is asked for. */
export async function publishReport(parts: readonly string[], place?: ReportPlace): Promise<void> {
  const report = [describeMachine(new Date()), ...parts].join("\n\n");
  process.stdout.write(`${report}\n`);
  if (place?.write === true) await writeRecord(report, place);
}

async function writeRecord(report: string, { record, section }: ReportPlace): Promise<void> {
  const file = join(labFolder, "records", `${record}.md`);
  const replaced = replaceSection(await readFile(file, "utf8"), section, report);
  await writeFile(file, await format(replaced, { ...(await resolveConfig(file)), filepath: file }));
}

/**
 * Replaces a part of a document that is generated: what lies between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws Error when the document has no such part.
 */
export function replaceSection(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the record has no part from ${begin} to ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${document.slice(to)}`;
}
