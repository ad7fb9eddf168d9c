import { escapeHtml, escapeMarkdown } from "../console/markup";
import type { AuditReport } from "./auditReport";
import type { Finding } from "./finding";
import { cleanWords, notComparedByReason } from "./reportWords";
import { rules, severities, type Severity } from "./rules";

/**
 * The most that a report may have, in bytes: below the 1 MiB of a job summary, beyond which GitHub drops it as a whole. Source:
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export const markdownLimit = 900 * 1024;

/**
 * Writes an audit as Markdown, for the summary of a job. The verdict comes first; when there is too much, findings are left out, the
 * least severe first, and it says how many.
 *
 * @param taken bytes that the file holds already
 */
export function auditMarkdown(report: AuditReport, taken = 0): string {
  const head = [verdict(report), counts(report), ...gaps(report)].join("\n\n");
  const tail = [notCompared(report), `${coverage(report)}\n`].join("\n\n");
  const blocks = [
    ...severities.flatMap((severity) =>
      report.findings
        .filter((one) => one.severity === severity)
        .map((one) => ({ severity, text: findingBlock(one) })),
    ),
    ...report.suppressed.map((one) => ({ severity: undefined, text: suppressedBlock(one) })),
  ];
  const size = (text: string): number => Buffer.byteLength(text, "utf8") + 2;
  const left = markdownLimit - taken - size(head) - size(tail) - 1000;
  let used = 0;
  const kept: typeof blocks = [];
  for (const block of blocks) {
    used += size(block.text);
    // What comes later is not more severe, so nothing may take the place of what does not fit.
    if (used > left) break;
    kept.push(block);
  }
  const dropped = blocks.slice(kept.length);
  return [
    head,
    ...kept.map(({ text }) => text),
    ...(dropped.length > 0 ? [droppedNote(dropped)] : []),
    tail,
  ].join("\n\n");
}

function verdict(report: AuditReport): string {
  const { verdict: result, stack, asOf } = report;
  const words = {
    clean: cleanWords(report),
    findings: "findings",
    incomplete: "incomplete: not everything could be read, so nothing is reported as clean",
  }[result];
  return `### Audit of ${escapeMarkdown(stack)} on ${asOf}: ${words}`;
}

function counts({ counts: { critical, high, medium, low, suppressed } }: AuditReport): string {
  return [
    "| critical | high | medium | low | suppressed |",
    "| ---: | ---: | ---: | ---: | ---: |",
    `| ${critical} | ${high} | ${medium} | ${low} | ${suppressed} |`,
  ].join("\n");
}

function gaps({ coverage: { gaps: all } }: AuditReport): string[] {
  return all.length === 0
    ? []
    : [
        [
          "#### Not read",
          "",
          "| reading | client | outcome | missing right | said |",
          "| --- | --- | --- | --- | --- |",
          ...all
            .slice(0, 100)
            .map(
              ({ call, client, outcome, missingRight, said }) =>
                `| ${call} | ${escapeMarkdown(client ?? "all")} | ${outcome} | ${escapeMarkdown(missingRight ?? "none")} | ${escapeMarkdown(said)} |`,
            ),
          ...(all.length > 100 ? [`| … and ${all.length - 100} more | | | | |`] : []),
        ].join("\n"),
      ];
}

function findingBlock({
  rule,
  severity,
  client,
  side,
  object,
  detail,
  startsAt,
  endsAt,
  why,
  next,
}: Finding): string {
  return [
    "<details>",
    `<summary><b>${severity}</b> ${escapeHtml(client)}: ${rules[rule].title} <code>${rule}</code></summary>`,
    "",
    escapeMarkdown(detail),
    "",
    `- object: ${escapeMarkdown(object)}`,
    ...(startsAt === null && endsAt === null ? [] : [`- dates: ${startsAt ?? "-"} to ${endsAt ?? "-"}`]),
    `- side: ${side}`,
    `- why: ${escapeMarkdown(why)}`,
    `- next: ${escapeMarkdown(next)}`,
    "",
    "</details>",
  ].join("\n");
}

function suppressedBlock({ finding, reason, owner, expires }: AuditReport["suppressed"][number]): string {
  return `Suppressed until ${expires}: ${escapeMarkdown(finding.client)}, ${finding.rule}, ${escapeMarkdown(finding.object)}. ${escapeMarkdown(reason)} (${escapeMarkdown(owner)})`;
}

function droppedNote(dropped: readonly { readonly severity: Severity | undefined }[]): string {
  const numbers = [...severities, undefined].flatMap((severity) => {
    const count = dropped.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity ?? "suppressed"}`];
  });
  return `**Left out because of the summary's size limit: ${numbers.join(", ")}.** The JSON report has all.`;
}

function notCompared(report: AuditReport): string {
  return [
    "<details>",
    "<summary>Not compared</summary>",
    "",
    ...notComparedByReason(report).map(
      ({ of, names, reason }) => `- ${of}: ${escapeMarkdown(names.join(", "))}: ${escapeMarkdown(reason)}`,
    ),
    "",
    "</details>",
  ].join("\n");
}

function coverage({ coverage: { calls } }: AuditReport): string {
  return [
    "<details>",
    "<summary>Coverage</summary>",
    "",
    "| reading | asked | read | denied | throttled | failed |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...calls.map(
      ({ call, asked, read, denied, throttled, failed }) =>
        `| ${call} | ${asked} | ${read} | ${denied} | ${throttled} | ${failed} |`,
    ),
    "",
    "</details>",
  ].join("\n");
}
