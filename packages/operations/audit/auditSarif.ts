import type { Log, ReportingDescriptor, Result } from "sarif";
import { jsonText } from "dicom-service-client/model";
import { escapeSarif } from "../console/markup";
import type { AuditReport } from "./auditReport";
import { digestOf } from "./finding";
import { ruleIds, rules, type Severity } from "./rules";
import type { StackFileLines } from "./stackFileLines";

const levels: Readonly<Record<Severity, Result.level>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};

/** How code scanning ranks: over 9.0 critical, over 7.0 high, over 4.0 medium. */
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/**
 * Writes an audit as SARIF 2.1.0, with the declaring lines as places. Suppressed findings are left out: code scanning would open
 * them as alerts.
 *
 * @returns undefined when not everything could be read: a partial file would close alerts that still hold
 */
export function auditSarif(report: AuditReport, lines: StackFileLines): string | undefined {
  if (!report.coverage.complete) return undefined;
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "client-audit",
            semanticVersion: "1.0.0",
            rules: ruleIds.map(descriptor),
          },
        },
        automationDetails: { id: `client-audit/${report.stack}/` },
        invocations: [{ executionSuccessful: true }],
        columnKind: "utf16CodeUnits",
        results: report.findings.map((finding) => result(finding, lines)),
      },
    ],
  };
  return `${jsonText(log)}\n`;
}

function descriptor(id: (typeof ruleIds)[number]): ReportingDescriptor {
  const { title, why, severity } = rules[id];
  return {
    id,
    name: id.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: why },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ["security"], "security-severity": securitySeverity[severity] },
  };
}

function result(finding: AuditReport["findings"][number], lines: StackFileLines): Result {
  const { rule, severity, client, object, detail, side, startsAt, endsAt, next, fingerprint, content } =
    finding;
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level: levels[severity],
    message: { text: escapeSarif(`${client}: ${detail} Object: ${object}. Next: ${next}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(lines.file), uriBaseId: "%SRCROOT%" },
          region: { ...lines.placeOf(client, rule) },
        },
        logicalLocations: [{ name: client, fullyQualifiedName: `clients.${client}`, kind: "resource" }],
      },
    ],
    // Code scanning tells alerts apart by the first; by the line alone, two stray secrets would look like one. What was dismissed
    // is what was found then: with other content, or more severe, it is another alert.
    partialFingerprints: {
      primaryLocationLineHash: `${digestOf([fingerprint, severity, content].join("\n"))}:1`,
      "clientAudit/v1": fingerprint,
    },
    properties: { side, startsAt, endsAt, next, content },
  };
}
