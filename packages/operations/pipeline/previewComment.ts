import picocolors from "picocolors";
import { escapeMarkdown } from "../console/markup";
import type { PreflightReport } from "../preflight/preflightReport";
import { preflightText } from "../preflight/preflightText";
import type { PulumiRun } from "./pulumiRun";
import { quotedOutput } from "./quotedOutput";

/** The line by which a comment is found again; Markdown does not show it. */
export function previewMarker(stack: string): string {
  return `<!-- pulumi preview of ${stack} -->`;
}

/** Writes a preview, and what preflight has found besides, as a comment on a pull request. */
export function previewComment(
  stack: string,
  { code, output }: PulumiRun,
  report: PreflightReport | undefined,
): string {
  const name = escapeMarkdown(stack);
  return [
    previewMarker(stack),
    code === 0 ? `### Preview of ${name}` : `### Preview of ${name}: failed with exit code ${code}`,
    quotedOutput(output, 50_000),
    ...(report === undefined || report.verdict === "clear"
      ? []
      : [
          report.obstacles.length > 0
            ? `### ${name} would be refused`
            : `### Whether ${name} would be refused is not known`,
          quotedOutput(preflightText(report, picocolors.createColors(false)), 10_000),
        ]),
    "",
  ].join("\n\n");
}
