import type { Colours } from "../console/console";
import { plainText } from "../console/plainText";
import { textTable } from "../console/textTable";
import type { AuditReport } from "./auditReport";
import { cleanWords } from "./reportWords";
import { rules } from "./rules";

/** Writes an audit for people at a terminal. */
export function auditText(report: AuditReport, colours: Colours): string {
  const { counts, coverage, findings, suppressed } = report;
  const paint = { critical: colours.red, high: colours.red, medium: colours.yellow, low: colours.dim };
  const verdict = {
    clean: colours.green(`${cleanWords(report).replace("clean", "Clean")}.`),
    findings: colours.yellow(
      `Findings: ${counts.critical} critical, ${counts.high} high, ${counts.medium} medium, ${counts.low} low, ${counts.suppressed} suppressed.`,
    ),
    incomplete: colours.red(
      `Incomplete: not everything could be read, so nothing is reported as clean. Findings so far: ${findings.length}.`,
    ),
  }[report.verdict];
  return [
    `Audit of the stack ${plainText(report.stack)} on ${report.asOf} (UTC)\n\n`,
    ...findings.map(
      ({ severity, rule, client, side, object, detail, why, next, startsAt, endsAt }) =>
        `${paint[severity](severity.toUpperCase())}  ${client}: ${rules[rule].title} [${rule}]\n` +
        `  ${plainText(detail)}\n` +
        `  object: ${plainText(object)}\n` +
        (startsAt === null && endsAt === null ? "" : `  dates:  ${startsAt ?? "-"} to ${endsAt ?? "-"}\n`) +
        `  side:   ${side}\n` +
        `  why:    ${why}\n` +
        `  next:   ${plainText(next)}\n\n`,
    ),
    suppressed.length === 0
      ? ""
      : `Suppressed:\n${textTable(
          [
            { title: "RULE", value: ({ finding }) => finding.rule },
            { title: "CLIENT", value: ({ finding }) => finding.client },
            { title: "OBJECT", value: ({ finding }) => plainText(finding.object) },
            { title: "UNTIL", value: ({ expires }) => expires },
            { title: "OWNER", value: ({ owner }) => plainText(owner) },
            { title: "REASON", value: ({ reason }) => plainText(reason) },
          ],
          suppressed,
        )}\n`,
    `Coverage:\n${textTable(
      [
        { title: "READING", value: ({ call }) => call },
        { title: "ASKED", align: "right", value: ({ asked }) => String(asked) },
        { title: "READ", align: "right", value: ({ read }) => String(read) },
        { title: "DENIED", align: "right", value: ({ denied }) => String(denied) },
        { title: "THROTTLED", align: "right", value: ({ throttled }) => String(throttled) },
        { title: "FAILED", align: "right", value: ({ failed }) => String(failed) },
      ],
      coverage.calls,
    )}\n`,
    useText(report),
    ...coverage.gaps.map(
      ({ call, client, outcome, unknown, missingRight, said }) =>
        `${colours.red("NOT READ")}  ${call}${client === null ? "" : ` of ${client}`} (${outcome}), ${unknown}\n` +
        `  said:    ${plainText(said)}\n` +
        (missingRight === null ? "" : `  missing: ${missingRight}\n`) +
        "\n",
    ),
    "Not compared (the other formats say why):\n",
    ...(["application", "service principal", "elsewhere"] as const).map(
      (of) =>
        `  ${of}: ${report.notCompared
          .filter((one) => one.of === of)
          .map(({ name }) => plainText(name))
          .join(", ")}\n`,
    ),
    `\n${verdict}\n`,
  ].join("");
}

/** When credentials were last used, as far as that could be read. */
function useText({ credentials, use }: AuditReport): string {
  if (!use.read) {
    const right = use.missingRight === null ? "" : ` You need ${use.missingRight}.`;
    return `When credentials were last used could not be read: ${plainText(use.why ?? "")}${right}\n\n`;
  }
  const used = credentials.filter(({ lastUsedAt }) => lastUsedAt !== null);
  return used.length === 0
    ? ""
    : `Last used, as reported:\n${textTable(
        [
          { title: "CLIENT", value: ({ client }) => client },
          { title: "CREDENTIAL", value: ({ kind, name }) => `${kind} ${plainText(name)}` },
          { title: "KEY ID", value: ({ object }) => object ?? "-" },
          { title: "LAST USED", value: ({ lastUsedAt }) => lastUsedAt ?? "-" },
        ],
        used,
      )}\n`;
}
