import type { AuditReport } from "./auditReport";
import { counted } from "../console/counted";
import { htmlPage } from "../console/htmlPage";
import { escapeHtml } from "../console/markup";
import { credentialTimeline } from "./credentialTimeline";
import { cleanWords, notComparedByReason, severityCounts } from "./reportWords";
import { rules, severities } from "./rules";

/** Gives every command a button that copies it. Without scripts a click on a command selects it whole, and nothing is missing. */
const copyScript = `for (const command of document.querySelectorAll(".command")) {
  const text = command.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-describedby", text.id);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Selected";
    }
  });
  command.append(button);
}`;

/** Writes an audit as one page that needs nothing else: no other file, no network, and no script to be read. */
export function auditHtml(report: AuditReport): string {
  const { stack, asOf } = report;
  const title = `Audit of ${escapeHtml(stack)} on ${asOf}`;
  return htmlPage({
    title,
    lead: `<p class="verdict ${report.verdict}">${verdictText(report)}</p>`,
    main: [
      summarySection(report),
      findingsSection(report),
      suppressedSection(report),
      credentialsSection(report),
      coverageSection(report),
      notComparedSection(report),
    ].join("\n"),
    footer: `<p>Stack ${escapeHtml(stack)}, day ${time(`${asOf}T00:00:00Z`)} (UTC), report version ${report.version}. Credentials are reported ${counted(report.limits.warnDays, "day")} before their end, and when they live longer than ${counted(report.limits.maximumLifeDays, "day")}.</p>`,
    skip: { to: "findings", text: "Skip to the findings" },
    script: copyScript,
  });
}

function verdictText(report: AuditReport): string {
  const { verdict, counts, coverage } = report;
  const numbers = `${severityCounts(counts)}, ${counts.suppressed} suppressed`;
  switch (verdict) {
    case "clean":
      return `${cleanWords(report).replace("clean", "Clean")}.`;
    case "findings":
      return `Findings: ${numbers}.`;
    case "incomplete":
      return `Incomplete: ${counted(coverage.gaps.length, "reading")} failed, so nothing is reported as clean. So far: ${numbers}.`;
  }
}

function summarySection({ counts, clients, credentials, asOf }: AuditReport): string {
  const [next] = credentials
    .filter(({ endsAt, standing }) => endsAt !== null && endsAt.slice(0, 10) >= asOf && standing !== "due")
    .sort((one, other) => String(one.endsAt).localeCompare(String(other.endsAt)));
  return section(
    "summary",
    "Summary",
    facts([
      ...severities.map((severity): Fact => [severity, String(counts[severity]), `severity ${severity}`]),
      ["suppressed", String(counts.suppressed)],
      ["clients", String(new Set(clients.map(({ name }) => name)).size)],
      ["credentials", String(credentials.length)],
      [
        "next end",
        next ? `${time(next.endsAt)} ${escapeHtml(`${next.client}: ${next.kind} ${next.name}`)}` : "none",
      ],
    ]),
  );
}

function findingsSection({ findings }: AuditReport): string {
  const cards = findings.map(
    ({ severity, rule, client, side, object, detail, startsAt, endsAt, why, next }, index) => {
      return `<li class="card">
<h3><span class="severity ${severity}">${severity}</span> ${escapeHtml(client)}: ${rules[rule].title}</h3>
<p>${escapeHtml(detail)}</p>
<p class="quiet">${why}</p>
${facts([
  ["rule", `<code>${rule}</code>`],
  ["side that differs", side],
  ["object", `<code>${escapeHtml(object)}</code>`],
  ["starts", time(startsAt)],
  ["ends", time(endsAt)],
])}
<p class="label">Next command</p>
<div class="command"><pre><code id="command-${index}">${escapeHtml(next)}</code></pre></div>
</li>`;
    },
  );
  return section(
    "findings",
    "Findings",
    findings.length === 0 ? "<p>None.</p>" : `<ol class="cards">\n${cards.join("\n")}\n</ol>`,
  );
}

function suppressedSection({ suppressed }: AuditReport): string {
  if (suppressed.length === 0) return "";
  const cards = suppressed.map(
    ({ finding, reason, owner, expires }) => `<li class="card">
<h3>${escapeHtml(finding.client)}: ${rules[finding.rule].title}</h3>
<p>${escapeHtml(reason)}</p>
${facts([
  ["rule", `<code>${finding.rule}</code>`],
  ["object", `<code>${escapeHtml(finding.object)}</code>`],
  ["owner", escapeHtml(owner)],
  ["last day", time(`${expires}T00:00:00Z`)],
])}
</li>`,
  );
  return section(
    "suppressed",
    "Suppressed findings",
    `<p>Accepted until their expiry.</p>\n<ul class="cards">\n${cards.join("\n")}\n</ul>`,
  );
}

function credentialsSection({ credentials, asOf, use }: AuditReport): string {
  const today = Date.parse(`${asOf}T00:00:00Z`);
  const rows = credentials.map(
    ({ client, kind, place, name, object, standing, startsAt, endsAt, nextRotationAt, lastUsedAt }): Row => [
      escapeHtml(client),
      `${kind} ${escapeHtml(name)}${place === "application" ? "" : `, on the ${place}`}`,
      `<code>${escapeHtml(object ?? "not issued")}</code>`,
      standing,
      time(startsAt),
      endsAt === null ? "never" : time(endsAt),
      daysLeft(endsAt, standing, today),
      time(nextRotationAt),
      time(lastUsedAt),
    ],
  );
  return section(
    "credentials",
    "Credentials",
    credentials.length === 0
      ? "<p>None.</p>"
      : `${credentialTimeline(credentials, asOf)}
${table(
  "Every credential, on applications and on service principals",
  ["Client", "Credential", "Key id", "Standing", "Starts", "Ends", "Days left", "Rotation due", "Last used"],
  rows,
)}
${use.read ? "" : `<p>When they were last used could not be read: ${escapeHtml(use.why ?? "")}</p>`}`,
  );
}

function coverageSection({ coverage }: AuditReport): string {
  const gaps = coverage.gaps.map(({ call, client, outcome, unknown, missingRight, said }): Row => [
    `<code>${call}</code>`,
    escapeHtml(client ?? "all"),
    outcome,
    escapeHtml(unknown),
    escapeHtml(missingRight ?? "none"),
    escapeHtml(said),
  ]);
  const calls = coverage.calls.map(({ call, asked, read, denied, throttled, failed }): Row => [
    `<code>${call}</code>`,
    ...[asked, read, denied, throttled, failed].map(String),
  ]);
  return section(
    "coverage",
    "Coverage",
    `${gaps.length === 0 ? "<p>Everything requested could be read.</p>" : table("Not read", ["Reading", "Client", "Outcome", "What for", "Missing right", "Service's message"], gaps)}
<details${coverage.complete ? "" : " open"}>
<summary>Readings</summary>
${table("Requests per reading, and their results", ["Reading", "Asked", "Read", "Denied", "Throttled", "Failed"], calls)}
</details>`,
  );
}

function notComparedSection(report: AuditReport): string {
  const rows = notComparedByReason(report).map(({ of, names, reason }): Row => [
    of,
    escapeHtml(names.join(", ")),
    escapeHtml(reason),
  ]);
  return section(
    "not-compared",
    "Not compared",
    `<details>
<summary>What an audit does not cover</summary>
${table("Properties and relations that are not compared", ["Of", "Properties and relations", "Why"], rows)}
</details>`,
  );
}

function section(id: string, heading: string, content: string): string {
  return `<section id="${id}" tabindex="-1" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}
</section>`;
}

/** A name, what it is, and the classes of the name. */
type Fact = readonly [name: string, value: string, classes?: string];

/** Facts beside each other where there is room, and below each other where there is none. */
function facts(all: readonly Fact[]): string {
  const each = all.map(
    ([name, value, classes]) =>
      `<div><dt${classes === undefined ? "" : ` class="${classes}"`}>${name}</dt><dd>${value}</dd></div>`,
  );
  return `<dl class="facts">${each.join("")}</dl>`;
}

/** The cells of a row; the first is its heading. */
type Row = readonly string[];

/** A table that becomes a list of cards where it is narrow. The roles keep it a table for those who do not see it. */
function table(caption: string, heads: readonly string[], rows: readonly Row[]): string {
  const cell = (content: string, index: number): string => {
    const label = `data-label="${heads[index] ?? ""}"`;
    return index === 0
      ? `<th scope="row" role="rowheader" ${label}>${content}</th>`
      : `<td role="cell" ${label}>${content}</td>`;
  };
  return `<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => `<th scope="col" role="columnheader">${head}</th>`).join("")}</tr></thead>
<tbody role="rowgroup">
${rows.map((cells) => `<tr role="row">${cells.map(cell).join("\n")}</tr>`).join("\n")}
</tbody>
</table>`;
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
