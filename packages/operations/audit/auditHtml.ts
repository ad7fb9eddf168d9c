import type { AuditReport } from "./auditReport";
import { escapeHtml } from "../console/markup";
import { credentialTimeline } from "./credentialTimeline";
import { reportStyle } from "./reportStyle";
import { cleanWords, notComparedByReason } from "./reportWords";
import { rules } from "./rules";

/** Writes an audit as one page that needs nothing else: no script, no other file, no network. */
export function auditHtml(report: AuditReport): string {
  const { stack, asOf } = report;
  const title = `Audit of ${escapeHtml(stack)} on ${asOf}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>${title}</h1>
<p class="verdict ${report.verdict}">${verdictText(report)}</p>
</header>
<main>
${findingsSection(report)}
${suppressedSection(report)}
${credentialsSection(report)}
${coverageSection(report)}
${notComparedSection(report)}
</main>
<footer><p>Stack ${escapeHtml(stack)}, day ${time(`${asOf}T00:00:00Z`)} (UTC), report version ${report.version}. Credentials are reported ${report.limits.warnDays} days before their end, and when they live longer than ${report.limits.maximumLifeDays} days.</p></footer>
</body>
</html>
`;
}

function verdictText(report: AuditReport): string {
  const { verdict, counts, coverage } = report;
  const numbers = `${counts.critical} critical, ${counts.high} high, ${counts.medium} medium, ${counts.low} low, ${counts.suppressed} suppressed`;
  switch (verdict) {
    case "clean":
      return `${cleanWords(report).replace("clean", "Clean")}.`;
    case "findings":
      return `Findings: ${numbers}.`;
    case "incomplete":
      return `Incomplete: ${coverage.gaps.length} readings failed, so nothing is said to be clean. So far: ${numbers}.`;
  }
}

function findingsSection({ findings }: AuditReport): string {
  const rows = findings.map(
    ({ severity, rule, client, side, object, detail, startsAt, endsAt, why, next }) => `<tr>
<td><span class="severity ${severity}">${severity}</span></td>
<th scope="row">${escapeHtml(client)}</th>
<td>${rules[rule].title}<br><code>${rule}</code></td>
<td>${escapeHtml(detail)}<br><span class="quiet">${why}</span></td>
<td>${side}</td>
<td><code>${escapeHtml(object)}</code></td>
<td>${time(startsAt)} to ${time(endsAt)}</td>
<td><code>${escapeHtml(next)}</code></td>
</tr>`,
  );
  return section(
    "findings",
    "Findings",
    findings.length === 0
      ? "<p>None.</p>"
      : table(
          "Findings, worst first",
          [
            "Severity",
            "Client",
            "Rule",
            "What was found",
            "Side that differs",
            "Object",
            "Dates",
            "Next command",
          ],
          rows,
        ),
  );
}

function suppressedSection({ suppressed }: AuditReport): string {
  if (suppressed.length === 0) return "";
  const rows = suppressed.map(
    ({ finding, reason, owner, expires }) => `<tr>
<th scope="row">${escapeHtml(finding.client)}</th>
<td><code>${finding.rule}</code></td>
<td><code>${escapeHtml(finding.object)}</code></td>
<td>${escapeHtml(reason)}</td>
<td>${escapeHtml(owner)}</td>
<td>${time(`${expires}T00:00:00Z`)}</td>
</tr>`,
  );
  return section(
    "suppressed",
    "Suppressed findings",
    table(
      "Findings that are accepted for a time",
      ["Client", "Rule", "Object", "Reason", "Owner", "Last day"],
      rows,
    ),
  );
}

function credentialsSection({ credentials, asOf }: AuditReport): string {
  const today = Date.parse(`${asOf}T00:00:00Z`);
  const rows = credentials.map(
    ({ client, kind, place, name, object, standing, startsAt, endsAt, nextRotationAt }) => `<tr>
<th scope="row">${escapeHtml(client)}</th>
<td>${kind} ${escapeHtml(name)}</td>
<td>${place}</td>
<td>${standing}</td>
<td><code>${escapeHtml(object ?? "not issued")}</code></td>
<td>${time(startsAt)}</td>
<td>${endsAt === null ? "never" : time(endsAt)}</td>
<td>${daysLeft(endsAt, standing, today)}</td>
<td>${time(nextRotationAt)}</td>
</tr>`,
  );
  return section(
    "credentials",
    "Credentials",
    credentials.length === 0
      ? "<p>None.</p>"
      : `${credentialTimeline(credentials, asOf)}
${table(
  "Every credential, on applications and on service principals",
  ["Client", "Credential", "Place", "Standing", "Key id", "Starts", "Ends", "Days left", "Rotation due"],
  rows,
)}`,
  );
}

function coverageSection({ coverage }: AuditReport): string {
  const gaps = coverage.gaps.map(
    ({ call, client, outcome, unknown, missingRight, said }) => `<tr>
<th scope="row"><code>${call}</code></th>
<td>${escapeHtml(client ?? "all")}</td>
<td>${outcome}</td>
<td>${escapeHtml(unknown)}</td>
<td>${escapeHtml(missingRight ?? "none")}</td>
<td>${escapeHtml(said)}</td>
</tr>`,
  );
  const calls = coverage.calls.map(
    ({ call, asked, read, denied, throttled, failed }) =>
      `<tr><th scope="row"><code>${call}</code></th>${[asked, read, denied, throttled, failed].map((count) => `<td class="number">${count}</td>`).join("")}</tr>`,
  );
  return section(
    "coverage",
    "Coverage",
    `${gaps.length === 0 ? "<p>Everything that was asked for could be read.</p>" : table("Not read", ["Reading", "Client", "Outcome", "What for", "Missing right", "In the service's words"], gaps)}
${table("Readings", ["Reading", "Asked", "Read", "Denied", "Throttled", "Failed"], calls)}`,
  );
}

function notComparedSection(report: AuditReport): string {
  const rows = notComparedByReason(report).map(
    ({ of, names, reason }) =>
      `<tr><th scope="row">${of}</th><td>${escapeHtml(names.join(", "))}</td><td>${escapeHtml(reason)}</td></tr>`,
  );
  return section(
    "not-compared",
    "Not compared",
    table("What an audit does not look at", ["Of", "Properties and relations", "Why"], rows),
  );
}

function section(id: string, heading: string, content: string): string {
  return `<section id="${id}" tabindex="-1" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>`;
}

function table(caption: string, heads: readonly string[], rows: readonly string[]): string {
  return `<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

function time(instant: string | null): string {
  return instant === null
    ? "-"
    : `<time datetime="${escapeHtml(instant)}">${escapeHtml(instant.slice(0, 10))}</time>`;
}

/** A number and a word, so that nothing hangs on colour. */
function daysLeft(
  endsAt: string | null,
  standing: AuditReport["credentials"][number]["standing"],
  today: number,
): string {
  if (endsAt === null) return "no end";
  const days = Math.floor((Date.parse(endsAt) - today) / 86_400_000);
  if (standing === "due") return `${Math.max(days, 0)}, not issued`;
  return days <= 0 ? "0, ended" : `${days}, ${days <= 14 ? "ends soon" : "valid"}`;
}
