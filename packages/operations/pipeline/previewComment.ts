import { escapeMarkdown } from "../console/markup";
import type { PulumiRun } from "./pulumiRun";
import { quotedOutput } from "./quotedOutput";

/** The line by which a comment is found again; Markdown does not show it. */
export function previewMarker(stack: string): string {
  return `<!-- pulumi preview of ${stack} -->`;
}

/** Writes a preview as a comment on a pull request. */
export function previewComment(stack: string, { code, output }: PulumiRun): string {
  const name = escapeMarkdown(stack);
  return [
    previewMarker(stack),
    code === 0 ? `### Preview of ${name}` : `### Preview of ${name}: failed with exit code ${code}`,
    quotedOutput(output, 50_000),
    "",
  ].join("\n\n");
}
