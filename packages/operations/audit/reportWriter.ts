import { appendFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { jsonText } from "dicom-service-client/model";
import type { OperationContext } from "../commands/operation";
import { messageOf, OperationError } from "../operationError";
import { auditHtml } from "./auditHtml";
import { auditMarkdown } from "./auditMarkdown";
import type { AuditReport } from "./auditReport";
import { auditSarif } from "./auditSarif";
import { auditText } from "./auditText";
import type { StackFileLines } from "./stackFileLines";
import picocolors from "picocolors";

/** The forms that a report can take. */
export const reportFormats = ["text", "json", "markdown", "sarif", "html"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** A report that is to be written to a file. */
export interface ReportChoice {
  readonly format: ReportFormat;
  readonly file: string;
}

/**
 * Reads what `--report` names.
 *
 * @param cwd folder that the files start from
 * @throws OperationError when one is not `<format>=<file>`, or when two would be written into one file
 */
export function readReportChoices(texts: readonly string[], cwd: string): readonly ReportChoice[] {
  const choices = texts.map(readReportChoice);
  const paths = choices.map(({ file }) => resolve(cwd, file));
  const twice = choices.find((_choice, index) => paths.indexOf(paths[index] ?? "") < index);
  if (twice) {
    throw new OperationError(`Two reports would be written into ${twice.file}.`, { cure: "Name two files." });
  }
  return choices;
}

function readReportChoice(text: string): ReportChoice {
  const at = text.indexOf("=");
  const format = reportFormats.find((one) => one === text.slice(0, at));
  const file = text.slice(at + 1);
  if (format === undefined || file === "") {
    throw new OperationError(`${JSON.stringify(text)} is not a report.`, {
      cure: `Write <format>=<file>, with ${reportFormats.join(", ")} as the format.`,
    });
  }
  return { format, file };
}

const noSarif =
  "No SARIF is written: not everything could be read, and a partial file would close alerts that are still valid.";

/** Writes one audit in any number of forms. */
export class ReportWriter {
  constructor(
    private readonly report: AuditReport,
    private readonly lines: StackFileLines,
    private readonly context: OperationContext,
  ) {}

  async toConsole(format: ReportFormat): Promise<void> {
    const { console } = this.context;
    const text =
      format === "text" ? auditText(this.report, console.colours, this.context.verbose) : this.render(format);
    if (text === undefined) await console.say(noSarif);
    else await console.result(text);
  }

  /**
   * Writes a file. The summary of a GitHub job (`GITHUB_STEP_SUMMARY`) is added to, within what it may hold.
   *
   * @throws OperationError when it cannot be written
   */
  async toFile(format: ReportFormat, file: string): Promise<void> {
    const { console, cwd, env } = this.context;
    const path = resolve(cwd, file);
    const summary = env["GITHUB_STEP_SUMMARY"];
    const isSummary = summary !== undefined && resolve(cwd, summary) === path;
    try {
      const taken = isSummary
        ? await stat(path).then(
            ({ size }) => size,
            () => 0,
          )
        : 0;
      const text = this.render(format, taken);
      if (text === undefined) {
        await console.say(noSarif);
        return;
      }
      await (isSummary ? appendFile(path, text) : replaceFile(path, text));
      await console.say(`Wrote ${format} to ${file}`);
    } catch (error) {
      throw new OperationError(`The report cannot be written to ${file}.`, {
        cause: messageOf(error),
        error,
      });
    }
  }

  private render(format: ReportFormat, taken = 0): string | undefined {
    switch (format) {
      case "text":
        return auditText(this.report, picocolors.createColors(false), true);
      case "json":
        return `${jsonText(this.report)}\n`;
      case "markdown":
        return auditMarkdown(this.report, taken);
      case "sarif":
        return auditSarif(this.report, this.lines);
      case "html":
        return auditHtml(this.report);
    }
  }
}

/** Replaces a file in one step, so that nobody ever reads half a report; a pipe or a device is written to as it is. */
async function replaceFile(path: string, text: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) return writeFile(path, text);
  const beside = `${path}.${process.pid}.next`;
  try {
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
