import { toWholeSecond } from "../../domain/instants";
import { commonSpan, partOf, type CredentialLife, type Span } from "./credentialLife";
import { html, Html, type Content } from "./html";
import { pageStyle } from "./pageStyle";
import { tenantMap } from "./tenantMap";
import type { Party, TenantOverview } from "./tenantOverview";

interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Content;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

/** Without any white space around the style, because the browser compares its hash. */
const styleElement = new Html(`<style>${pageStyle}</style>`);

/** The whole page, in one document that loads nothing. */
export function tenantPage(overview: TenantOverview): string {
  const { profile, now } = overview;
  const parts = sections(overview);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${profile.displayName} tenant</title>
        <link rel="icon" href="data:," />
        ${styleElement}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header>
          <h1>${profile.displayName} tenant</h1>
          <p>
            Tenant ${code(profile.tenantId)}, domain ${profile.domain}, subscription
            ${profile.subscriptionName} ${code(profile.subscriptionId)}. As of ${moment(now)};
            <a href="/">load again</a> for later changes.
          </p>
          <nav aria-label="Sections">
            <ul>
              ${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main id="content" tabindex="-1">
          ${parts.map(
            ({ id, title, content }) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${title}</h2>
                ${content}
              </section> `,
          )}
        </main>
      </body>
    </html> `.text;
}

function sections(overview: TenantOverview): readonly Section[] {
  const span = commonSpan(
    overview.credentials.flatMap(({ life }) => life ?? []),
    overview.now,
  );
  return [
    { id: "map", title: "Map", content: tenantMap(overview) },
    section("applications", "Applications", () => "registered in this tenant", overview.applications, [
      { head: "Name", cell: ({ name }) => name },
      { head: "Client id", cell: ({ appId }) => code(appId) },
      { head: "Object id", cell: ({ id }) => code(id) },
      { head: "Service principal", cell: ({ servicePrincipalId }) => orNone(servicePrincipalId, code) },
      { head: "Owners", cell: ({ owners }) => (owners.length === 0 ? "none" : owners.map(party)) },
    ]),
    section("deleted", "Deleted", () => "that can still be restored", overview.deleted, [
      { head: "Name", cell: ({ name }) => name },
      { head: "Kind", cell: ({ kind }) => kind },
      { head: "Client id", cell: ({ appId }) => code(appId) },
      { head: "Object id", cell: ({ id }) => code(id) },
      { head: "Deleted", cell: ({ deletedAt }) => moment(new Date(deletedAt)) },
      { head: "Gone for good", cell: ({ restorableUntil }) => moment(new Date(restorableUntil)) },
    ]),
    section("credentials", "Credentials", lifeLegend(span), overview.credentials, [
      { head: "Application", cell: ({ holder }) => party(holder) },
      { head: "Kind", cell: ({ kind }) => kind },
      { head: "Name", cell: ({ name }) => name },
      { head: "Key id", cell: ({ id }) => code(id) },
      { head: "Start", cell: ({ life }) => (life === null ? "none" : moment(life.from)) },
      { head: "End", cell: ({ life }) => (life === null ? "none" : moment(life.to)) },
      { head: "Days left", cell: ({ life }) => (life === null ? "no end" : daysLeft(life)) },
      { head: "Life", cell: ({ life }) => (life === null ? "no end" : lifeBar(life, span, overview.now)) },
    ]),
    section("consents", "Consents", numbered("delegated permission grant"), overview.consents, [
      { head: "Client", cell: ({ client }) => party(client) },
      { head: "Resource", cell: ({ resource }) => party(resource) },
      { head: "Scopes", cell: ({ scope }) => scope },
      { head: "Consent type", cell: ({ consentType }) => consentType },
      { head: "User", cell: ({ user }) => orNone(user, party) },
    ]),
    section("app-roles", "App roles", numbered("application permission"), overview.appRoles, [
      { head: "Principal", cell: ({ principal }) => party(principal) },
      { head: "Resource", cell: ({ resource }) => party(resource) },
      { head: "Role", cell: ({ role }) => role },
      { head: "Assigned", cell: ({ createdAt }) => moment(new Date(createdAt)) },
    ]),
    section(
      "azure-roles",
      "Azure roles",
      numbered("role assignment", " in the subscription"),
      overview.azureRoles,
      [
        { head: "Principal", cell: ({ principal }) => party(principal) },
        { head: "Role", cell: ({ role }) => role },
        { head: "Scope", cell: ({ scope }) => code(scope) },
      ],
    ),
    section("requests", "Requests", numbered("request", ", the latest first"), overview.requests, [
      { head: "Time", cell: ({ at }) => moment(new Date(at)) },
      { head: "Operation", cell: ({ operation, method, url }) => operation ?? code(`${method} ${url}`) },
      { head: "Caller", cell: ({ caller }) => caller ?? "unknown" },
      { head: "Status", cell: ({ status }) => status },
      {
        head: "Reason",
        cell: ({ reason, fault }) => [reason, fault].filter((text) => text !== null).join("; "),
      },
    ]),
  ];
}

/** @param note what the table's caption says after the number of rows */
function section<Row>(
  id: string,
  title: string,
  note: (count: number) => Content,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Section {
  const heads = columns.map(({ head }) => html`<th scope="col">${head}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${columns.map((column, index) => cell(column, row, index === 0))}
      </tr> `,
  );
  const content = html`<table>
    <caption>
      ${rows.length} ${note(rows.length)}
    </caption>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${
        rows.length === 0
          ? html`<tr>
              <td colspan="${columns.length}">none</td>
            </tr>`
          : body
      }
    </tbody>
  </table>`;
  return { id, title, content };
}

/** A caption that fits one row and many. */
function numbered(one: string, more = ""): (count: number) => string {
  return (count) => `${one}${count === 1 ? "" : "s"}${more}`;
}

/** The label takes the place of the column's head where the screen is narrow. */
function cell<Row>({ head, cell: show }: Column<Row>, row: Row, isFirst: boolean): Html {
  const content = show(row);
  return isFirst
    ? html`<th scope="row" data-label="${head}">${content}</th>`
    : html`<td data-label="${head}">${content}</td>`;
}

function party({ id, name }: Party): Html {
  return html`<span class="party">${name} ${code(id)}</span>`;
}

function code(text: string): Html {
  return html`<code>${text}</code>`;
}

function orNone<Value>(value: Value | null, show: (value: Value) => Html): Content {
  return value === null ? "none" : show(value);
}

/** To the second, in UTC. */
function moment(date: Date): Html {
  const instant = toWholeSecond(date);
  return html`<time datetime="${instant}">${instant.replace("T", " ").replace("Z", " UTC")}</time>`;
}

function daysLeft({ daysLeft: days, word }: CredentialLife): Html {
  return html`<span class="${word.replaceAll(" ", "-")}"
    >${days} ${days === 1 ? "day" : "days"}, ${word}</span
  >`;
}

function lifeLegend({ from, to }: Span): (count: number) => Html {
  return (count) =>
    html`${numbered("credential")(count)}: client secrets, certificates and federated credentials. Bars span
    ${moment(from)} to ${moment(to)}; the stronger-coloured part has passed, the vertical line is today`;
}

/** The credential's life on the time axis that all bars share. */
function lifeBar(life: CredentialLife, span: Span, now: Date): Html {
  const place = (date: Date): number => partOf(span, date) * 100;
  const length = (percent: number): string => percent.toFixed(2);
  const start = place(life.from);
  const whole = place(life.to) - start;
  const today = length(place(now));
  const label = `${String(Math.round(life.used * 100))} % of its lifetime has passed`;
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${label}">
    <rect class="whole" x="${length(start)}" y="2" width="${length(whole)}" height="6" />
    <rect class="used" x="${length(start)}" y="2" width="${length(whole * life.used)}" height="6" />
    <line class="today" x1="${today}" y1="0" x2="${today}" y2="10" />
  </svg>`;
}
