import { escapeHtml } from "../console/markup";
import { reportStyle } from "../audit/reportStyle";
import type { EstateMap, MapClient, MapStanding, MapTarget } from "./estateMap";
import { accessWords, credentialWords, endWords, mapSummary } from "./mapWords";

const mapStyle = `
.flow { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.5fr); gap: 0 2.5rem; align-items: center; }
.flow ul { list-style: none; margin: 0; padding: 0; } .flow li, .node { position: relative; margin: .35rem 0; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .25rem; }
.flow li::after { content: "\\2192"; content: "\\2192" / ""; position: absolute; right: -1.75rem; top: 50%; translate: 0 -50%; }
.flow ul:last-child li::after { right: auto; left: -1.75rem; }
.node { font-weight: 600; border-width: 2px; } .node code, li small { display: block; font-weight: 400; }
li.undeclared { border: 3px dashed var(--bad); } li.changed { border: 3px solid var(--bad); } li.missing { border: 2px dotted var(--warn); } li.due { border: 2px solid var(--warn); }
.standing { font-weight: 700; text-transform: uppercase; } .undeclared .standing, .changed .standing { color: var(--bad); } .missing .standing, .due .standing { color: var(--warn); }
@media (max-width: 48rem) { .flow { grid-template-columns: minmax(0, 1fr); } .flow li::after { content: none; } .flow ul:last-child { padding-left: 1.5rem; } }
`;

/** Writes a map as one page that needs nothing else, without a script. */
export function mapHtml(map: EstateMap): string {
  const title = `Clients of ${escapeHtml(map.stack)} on ${map.asOf}`;
  const targets = new Map(map.targets.map((target) => [target.id, target] as const));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}${mapStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${mapSummary(map)} Read from left to right: what a client signs in with, the client, what it may do and where.</p>
</header>
<main>
${map.clients.map((client, index) => clientSection(client, index, targets)).join("\n")}
</main>
</body>
</html>
`;
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
