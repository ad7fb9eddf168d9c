/** How the page looks: on a screen, in the dark, with forced colours, and on paper. Contrasts are 4.5 to 1 or more. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --quiet: #4a4a55; --line: #b9b9c3; --accent: #0b57d0; --bad: #b3261e; --good: #146c2e; --warn: #7a4f01; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6ea; --paper: #17171a; --quiet: #b9b9c3; --line: #5a5a66; --accent: #a8c7fa; --bad: #f2b8b5; --good: #8fd8a0; --warn: #f0c36d; } }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.verdict { padding: .75rem 1rem; border: 2px solid currentColor; font-weight: 600; }
.clean { color: var(--good); } .findings { color: var(--warn); } .incomplete { color: var(--bad); }
.severity { font-weight: 600; white-space: nowrap; } .severity.critical::before { content: "■ "; } .severity.high::before { content: "▲ "; } .severity.medium::before { content: "● "; } .severity.low::before { content: "○ "; }
.critical, .high { color: var(--bad); } .medium { color: var(--warn); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid var(--line); }
td.number { text-align: right; } time { white-space: nowrap; } code { font-size: .875em; overflow-wrap: anywhere; } .quiet { color: var(--quiet); }
figure { margin: 1rem 0; overflow-x: auto; } svg { width: 100%; min-width: 40rem; height: auto; background: var(--paper); }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .axis { text-anchor: middle; } svg .strong { font-weight: 700; }
svg .grid { stroke: var(--line); stroke-opacity: .5; } svg .today { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 4 3; }
svg .declared { fill: var(--accent); } svg .undeclared { fill: url(#hatch); stroke: var(--bad); } svg .hatching { fill: var(--bad); } svg .due { fill: none; stroke: var(--warn); stroke-width: 2; stroke-dasharray: 5 3; }
svg .rotation { fill: #f0c36d; stroke: #1b1b1f; } svg .overlap { fill: none; stroke: var(--good); stroke-width: 2; }
@media print { :root { --ink: #000; --paper: #fff; --quiet: #333; --line: #999; --bad: #8c1d18; --good: #0d4f20; --warn: #5c3b00; --accent: #0b57d0; } .skip { display: none; } .scroll, figure { overflow: visible; } thead { display: table-header-group; } tr, figure { break-inside: avoid; } body { max-width: none; font-size: 9pt; } }
@media (forced-colors: active) { svg { forced-color-adjust: none; } }
`;
