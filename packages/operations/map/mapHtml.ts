import { htmlPage } from "../console/htmlPage";
import { escapeHtml } from "../console/markup";
import type { EstateMap, MapClient, MapStanding, MapTarget } from "./estateMap";
import { accessWords, credentialWords, endWords, mapSummary } from "./mapWords";

const mapStyle = `
.flow { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.5fr); gap: 0 2.5rem; align-items: center; }
.flow ul { list-style: none; margin: 0; padding: 0; } .flow li, .node { position: relative; margin: .35rem 0; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .25rem; }
.flow li::before { content: ""; position: absolute; left: calc(100% + .25rem); top: 50%; width: 1.75rem; border-top: 2px solid var(--quiet); }
.flow li::after { content: ""; position: absolute; left: calc(100% + 1.35rem); top: calc(50% - .25rem + 1px); width: .5rem; height: .5rem; border: solid var(--quiet); border-width: 2px 2px 0 0; rotate: 45deg; }
.flow ul:last-child li::before { left: -2.25rem; } .flow ul:last-child li::after { left: -1.15rem; } .card h2 { margin: 0 0 .5rem; }
.node { font-weight: 600; border-width: 2px; } .node code, li small { display: block; font-weight: 400; }
li.undeclared { border: 3px dashed var(--bad); } li.changed { border: 3px solid var(--bad); } li.missing { border: 2px dotted var(--warn); } li.due { border: 2px solid var(--warn); }
.standing { font-weight: 700; text-transform: uppercase; } .undeclared .standing, .changed .standing { color: var(--bad); } .missing .standing, .due .standing { color: var(--warn); }
@media (max-width: 48rem) { .flow { grid-template-columns: minmax(0, 1fr); } .flow li::before, .flow li::after { content: none; } .flow ul:last-child { padding-left: 1.5rem; } }
`;

/** Writes a map as one page that needs nothing else, without a script. */
export function mapHtml(map: EstateMap): string {
  const title = `Clients of ${escapeHtml(map.stack)} on ${map.asOf}`;
  const targets = new Map(map.targets.map((target) => [target.id, target] as const));
  return htmlPage({
    title,
    lead: `<p>${mapSummary(map)} Read from left to right: what a client signs in with, the client, what it may do and where.</p>`,
    main: map.clients.map((client, index) => clientSection(client, index, targets)).join("\n"),
    style: mapStyle,
  });
}

function clientSection(
  { name, displayName, clientId, credentials, access }: MapClient,
  index: number,
  targets: ReadonlyMap<string, MapTarget>,
): string {
  return `<section class="card" aria-labelledby="client-${index}">
<h2 id="client-${index}">${escapeHtml(name)}</h2>
<div class="flow">
${list(
  "Credentials",
  credentials.map((one) =>
    item(one.standing, escapeHtml(credentialWords(one)), `<small>${escapeHtml(endWords(one))}</small>`),
  ),
)}
<p class="node">${escapeHtml(displayName ?? "not there")}<code>${escapeHtml(clientId ?? "no client id")}</code></p>
${list(
  "Access",
  access.map((one) => {
    const target = targets.get(one.to);
    const place = `${target?.kind ?? ""} ${target?.name ?? one.to}`.trim();
    return item(one.standing, escapeHtml(accessWords(one)), `<small>${escapeHtml(place)}</small>`);
  }),
)}
</div>
</section>`;
}

function list(label: string, items: readonly string[]): string {
  return `<ul aria-label="${label}">${items.length === 0 ? "<li>none</li>" : items.join("\n")}</ul>`;
}

function item(standing: MapStanding, words: string, more: string): string {
  const told = standing === "declared" ? "" : ` <span class="standing">${standing}</span>`;
  return `<li class="${standing}">${words}${told}${more}</li>`;
}
