/**
 * The page's whole style. Colours have a contrast of at least 4.5 to 1 for text and 3 to 1 for bars, in light and dark; where the
 * screen is narrow, each row of a table becomes a list of its cells.
 */
export const pageStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1b; --quiet: #565656; --link: #0b57a4; --rule: #c8c8c8;
  --whole: #6f97c4; --used: #123a63; --today: #b3261e; --alarm: #a3201a; }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #161616; --ink: #ececec; --quiet: #b4b4b4; --link: #8ec2ff; --rule: #4a4a4a;
    --whole: #3f6ea3; --used: #cfe4fc; --today: #ff8f85; --alarm: #ffa59d; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 110rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -100rem; background: var(--paper); padding: 0.5rem; }
.skip:focus { left: 0.5rem; top: 0.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
h2 { margin: 2rem 0 0; scroll-margin-top: 0.5rem; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
caption { text-align: start; color: var(--quiet); padding-bottom: 0.5rem; }
th, td { min-width: 5.5rem; text-align: start; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--rule); }
tbody th { font-weight: inherit; }
thead th { color: var(--quiet); white-space: nowrap; }
code { font: 0.85em/1.4 ui-monospace, monospace; color: var(--quiet); }
time { font-variant-numeric: tabular-nums; }
.party { display: block; }
.party code { display: block; }
.expired, .ends-soon { color: var(--alarm); font-weight: 600; }
.flow { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.5fr); gap: 0 2.5rem; align-items: center;
  border-bottom: 1px solid var(--rule); padding: 0.5rem 0; break-inside: avoid; }
.flow ul { list-style: none; margin: 0; padding: 0; }
.flow li, .node { position: relative; margin: 0.35rem 0; padding: 0.35rem 0.6rem; border: 1px solid var(--rule); border-radius: 0.25rem; }
.flow li::before { content: ""; position: absolute; left: calc(100% + .25rem); top: 50%; width: 1.75rem; border-top: 2px solid var(--quiet); }
.flow li::after { content: ""; position: absolute; left: calc(100% + 1.35rem); top: calc(50% - .25rem + 1px); width: .5rem; height: .5rem;
  border: solid var(--quiet); border-width: 2px 2px 0 0; rotate: 45deg; }
.flow ul:last-child li::before { left: -2.25rem; }
.flow ul:last-child li::after { left: -1.15rem; }
.flow small { display: block; color: var(--quiet); }
.node { font-weight: 600; border: 2px solid var(--link); }
.node code { display: block; font-weight: 400; }
.flow li.undeclared { border: 3px dashed var(--alarm); }
.standing { color: var(--alarm); font-weight: 700; text-transform: uppercase; }
h3 { margin: 1rem 0 0; font-size: 1em; }
svg { display: block; width: 100%; min-width: 10rem; height: 1.25rem; }
.whole { fill: var(--whole); }
.used { fill: var(--used); }
.today { stroke: var(--today); stroke-width: 2; vector-effect: non-scaling-stroke; }
@media screen and (max-width: 60rem) {
  table, caption, tbody, tr, th, td { display: block; }
  thead { position: absolute; left: -100rem; }
  tr { border-bottom: 2px solid var(--rule); padding: 0.5rem 0; }
  .flow { grid-template-columns: minmax(0, 1fr); }
  .flow li::before, .flow li::after { content: none; }
  .flow ul:last-child { padding-left: 1.5rem; }
  tbody th, td { border: 0; padding: 0.1rem 0; }
  td:empty { display: none; }
  th[data-label]::before, td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); font-weight: 400; }
}
@media print {
  :root { font-size: 8pt; }
  body { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  tr { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  svg { print-color-adjust: exact; }
}
`;
