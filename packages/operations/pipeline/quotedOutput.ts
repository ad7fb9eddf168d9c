import { escapeHtml } from "../console/markup";

/**
 * A command's output as a block of Markdown in which nothing is markup, neither on GitHub nor in Azure DevOps: names in it are
 * what others chose.
 *
 * @param limit the most characters that the block may have; what is over it is left out at the end, and that is said.
 */
export function quotedOutput(output: string, limit: number): string {
  const lines = output.trimEnd().split("\n").map(escapeHtml);
  const kept: string[] = [];
  let used = 200;
  for (const line of lines) {
    used += line.length + 1;
    if (used > limit) break;
    kept.push(line);
  }
  const left = lines.length - kept.length;
  return [
    `<pre>\n${kept.join("\n")}\n</pre>`,
    ...(left > 0 ? [`The last ${left} lines are left out here; the job's log has all of them.`] : []),
  ].join("\n\n");
}
