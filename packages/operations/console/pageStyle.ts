/**
 * How the page looks: on a screen of any width, in the dark, with forced colours, and on paper. Contrasts are 4.5 to 1 or more.
 */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --quiet: #4a4a55; --line: #b9b9c3; --shade: #f1f1f4; --accent: #0b57d0; --bad: #b3261e; --good: #146c2e; --warn: #7a4f01; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6ea; --paper: #17171a; --quiet: #b9b9c3; --line: #5a5a66; --shade: #232328; --accent: #a8c7fa; --bad: #f2b8b5; --good: #8fd8a0; --warn: #f0c36d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .5rem; } h3 { margin: 0; font-size: 1em; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.verdict { padding: .75rem 1rem; border: 2px solid currentColor; font-weight: 600; }
.clean { color: var(--good); } .findings { color: var(--warn); } .incomplete { color: var(--bad); }
.severity { font-weight: 600; white-space: nowrap; } .severity.critical::before { content: "■ "; } .severity.high::before { content: "▲ "; } .severity.medium::before { content: "● "; } .severity.low::before { content: "○ "; }
.critical, .high { color: var(--bad); } .medium { color: var(--warn); }
.quiet { color: var(--quiet); } time { white-space: nowrap; } code { font-size: .875em; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9rem), 1fr)); gap: .5rem 1rem; margin: .5rem 0; }
.facts div:has(code) { grid-column: span 2; } .facts dt { font-size: .875em; } .facts dt:not(.severity), .label { color: var(--quiet); } .facts dd { margin: 0; }
#summary dd { font-size: 1.25em; } #summary .facts div:last-child { grid-column: span 2; } #summary .facts div:last-child dd { font-size: 1em; }
.cards { list-style: none; margin: 0; padding: 0; } .card { margin: .75rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .25rem; } .card p { margin: .25rem 0; } .label { font-size: .875em; }
.command { display: flex; gap: .5rem; align-items: start; } pre { flex: 1; min-width: 0; margin: 0; padding: .5rem .75rem; background: var(--shade); white-space: pre-wrap; } pre code { user-select: all; }
button { font: inherit; padding: .5rem .75rem; color: var(--ink); background: var(--paper); border: 1px solid var(--ink); border-radius: .25rem; cursor: pointer; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; } summary { cursor: pointer; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid var(--line); }
#credentials td:nth-child(3) { min-width: 20rem; } thead th, #credentials td:nth-child(n + 4) { overflow-wrap: normal; }
@media screen and (max-width: 72rem) {
  table, caption, tbody, tr, th, td { display: block; } thead { position: absolute; left: -99rem; }
  tr { margin: .75rem 0; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .25rem; } #credentials td:nth-child(3) { min-width: 0; }
  th[data-label], td[data-label] { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .5rem; border: 0; padding: .15rem 0; }
  [data-label]::before { content: attr(data-label); font-weight: 400; color: var(--quiet); }
}
@media (max-width: 30rem) { .facts div:has(code), #summary .facts div:last-child { grid-column: 1 / -1; } .command { flex-direction: column; align-items: stretch; } }
figure { margin: 1rem 0; } svg { display: block; width: 100%; background: var(--paper); } svg svg { overflow: visible; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); stroke: var(--paper); stroke-width: 3px; paint-order: stroke; } svg .axis { text-anchor: middle; } svg .strong { font-weight: 700; }
svg .grid { stroke: var(--line); stroke-opacity: .5; } svg .today { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 4 3; }
svg .declared { fill: var(--accent); } svg .undeclared { fill: url(#timeline-hatch); stroke: var(--bad); } svg .hatching { fill: var(--bad); } svg .due { fill: none; stroke: var(--warn); stroke-width: 2; stroke-dasharray: 5 3; }
svg .rotation { fill: #f0c36d; stroke: #1b1b1f; } svg .overlap { fill: none; stroke: var(--good); stroke-width: 2; }
@page { size: A4; margin: 12mm; }
@media print {
  :root { --ink: #000; --paper: #fff; --quiet: #333; --line: #999; --shade: #fff; --bad: #8c1d18; --good: #0d4f20; --warn: #5c3b00; --accent: #0b57d0; }
  body { max-width: none; padding: 0; font-size: 9pt; } .skip, button { display: none; } pre { border: 1px solid var(--line); } details::details-content { content-visibility: visible; block-size: auto; }
  thead { display: table-header-group; } tr, .card { break-inside: avoid; } h2, h3 { break-after: avoid; } table { font-size: 7.5pt; } th, td { padding: .2rem .3rem; } #credentials td:nth-child(3) { min-width: 0; }
}
@media (forced-colors: active) { svg { forced-color-adjust: none; } pre { border: 1px solid; } }
`;
