import { plainText } from "dicom-service-client/model";
import type { Colours } from "../console/console";
import { counted } from "../console/counted";
import { textTable } from "../console/textTable";
import { labelled } from "../console/wrapped";
import type { AuditReport } from "./auditReport";
import { cleanWords, severityCounts } from "./reportWords";
import { unreadUseText } from "../retire/useReport";
import { rules } from "./rules";

/**
 * Writes an audit for people at a terminal: what was found and what could not be read.
 *
 * @param verbose with everything that was read and what is not compared, too
 */
export function auditText(report: AuditReport, colours: Colours, verbose: boolean): string {
  const { findings, suppressed, coverage } = report;
  return [
    `Audit of the stack ${plainText(report.stack)} on ${report.asOf} (UTC)\n\n`,
    ...findings.map((one) => findingText(one, colours)),
    suppressed.length === 0 ? "" : `Suppressed:\n${suppressedTable(suppressed)}\n`,
    ...(verbose ? [`Coverage:\n${coverageTable(coverage)}\n`] : []),
    ...(verbose || report.use.read ? [useText(report)] : []),
    ...coverage.gaps.map((gap) => gapText(gap, colours)),
    verbose
      ? notComparedText(report)
      : `Not compared: ${report.notCompared.length} properties and places, which --verbose names.\n`,
    verdictText(report, colours),
  ].join("");
}

function verdictText(report: AuditReport, colours: Colours): string {
  const { counts, verdict, findings } = report;
  switch (verdict) {
    case "clean":
      return colours.green(labelled("", `${cleanWords(report).replace("clean", "Clean")}.`));
    case "findings":
      return colours.yellow(
        labelled(
          "",
          `${counted(findings.length, "finding")}: ${severityCounts(counts)}, ${counts.suppressed} suppressed.`,
        ),
      );
    case "incomplete":
      return colours.red(
        labelled(
          "",
          `Incomplete: not everything could be read, so nothing is reported as clean. ${counted(findings.length, "finding")} so far.`,
        ),
      );
  }
}

function findingText(
  {
    severity,
    rule,
    client,
    side,
    object,
    detail,
    why,
    next,
    startsAt,
    endsAt,
  }: AuditReport["findings"][number],
  colours: Colours,
): string {
  const paint = { critical: colours.red, high: colours.red, medium: colours.yellow, low: colours.dim };
  return [
    headed(severity.toUpperCase(), `${client}: ${rules[rule].title} [${rule}]`, paint[severity]),
    labelled("  ", plainText(detail)),
    labelled("  object: ", plainText(object)),
    ...(startsAt === null && endsAt === null ? [] : [`  dates:  ${startsAt ?? "-"} to ${endsAt ?? "-"}\n`]),
    `  side:   ${side}\n`,
    labelled("  why:    ", why),
    // A command stays in one piece, so that it can be copied.
    `  next:   ${plainText(next)}\n\n`,
  ].join("");
}

function headed(word: string, text: string, paint: (text: string) => string): string {
  return labelled(`${word}  `, text).replace(word, paint);
}

function suppressedTable(suppressed: AuditReport["suppressed"]): string {
  return textTable(
    [
      { title: "RULE", value: ({ finding }) => finding.rule },
      { title: "CLIENT", value: ({ finding }) => finding.client },
      { title: "OBJECT", value: ({ finding }) => plainText(finding.object) },
      { title: "UNTIL", value: ({ expires }) => expires },
      { title: "OWNER", value: ({ owner }) => plainText(owner) },
      { title: "REASON", value: ({ reason }) => plainText(reason) },
    ],
    suppressed,
  );
}

function coverageTable({ calls }: AuditReport["coverage"]): string {
  return textTable(
    [
      { title: "READING", value: ({ call }) => call },
      { title: "ASKED", align: "right", value: ({ asked }) => String(asked) },
      { title: "READ", align: "right", value: ({ read }) => String(read) },
      { title: "DENIED", align: "right", value: ({ denied }) => String(denied) },
      // A longer title leaves no room for the longest name of a reading.
      { title: "BUSY", align: "right", value: ({ throttled }) => String(throttled) },
      { title: "FAILED", align: "right", value: ({ failed }) => String(failed) },
    ],
    calls,
  );
}

function gapText(
  { call, client, outcome, unknown, missingRight, said }: AuditReport["coverage"]["gaps"][number],
  colours: Colours,
): string {
  return [
    headed("NOT READ", `${call}${client === null ? "" : ` of ${client}`} (${outcome})`, colours.red),
    labelled("  unknown: ", unknown),
    labelled("  said:    ", plainText(said)),
    ...(missingRight === null ? [] : [labelled("  missing: ", missingRight)]),
    "\n",
  ].join("");
}

function notComparedText({ notCompared }: AuditReport): string {
  return [
    "Not compared (the other formats say why):\n",
    ...(["application", "service principal", "elsewhere"] as const).map((of) =>
      labelled(
        `  ${of}: `,
        notCompared
          .filter((one) => one.of === of)
          .map(({ name }) => plainText(name))
          .join(", "),
      ),
    ),
    "\n",
  ].join("");
}

/** When credentials were last used, as far as that could be read. */
function useText({ credentials, use }: AuditReport): string {
  if (!use.read) return unreadUseText(use);
  const used = credentials.filter(({ lastUsedAt }) => lastUsedAt !== null);
  return used.length === 0
    ? ""
    : `Last used, as reported:\n${textTable(
        [
          { title: "CLIENT", value: ({ client }) => client },
          { title: "CREDENTIAL", value: ({ kind, name }) => `${kind} ${plainText(name)}` },
          { title: "KEY ID", value: ({ object }) => object ?? "-" },
          { title: "LAST USED", value: ({ lastUsedAt }) => lastUsedAt?.replace(/[TZ]/g, " ").trim() ?? "-" },
        ],
        used,
      )}\n`;
}
