import { counted } from "../console/counted";
import { escapeHtml } from "../console/markup";
import type { InventoryEntry } from "./credentialInventory";

const rowHeight = 36;
const top = 40;
const day = 86_400_000;
/** The part of the width that bars take, in per cent: at both ends there is room for half a label. */
const [left, right] = [5, 95];
/** How many credentials are drawn at once; of more, those that end first are drawn, and all of them below a fold. */
const mostBars = 40;

/**
 * Draws the credentials that have an end as bars over time, with today and the rotations that come. It is an extra to the table
 * beside it, which says the same in words. Places are in per cent of the width and texts in their own size, so that it can be read
 * on a screen of any width.
 */
export function credentialTimeline(credentials: readonly InventoryEntry[], asOf: string): string {
  const bars = credentials.flatMap((credential): Bar[] => {
    const { startsAt, endsAt } = credential;
    if (endsAt === null) return [];
    const end = Date.parse(endsAt);
    return [{ credential, start: startsAt === null ? end : Date.parse(startsAt), end }];
  });
  if (bars.length <= mostBars) return bars.length === 0 ? "" : figure(drawing(bars, asOf, "timeline", ""));
  const today = Date.parse(`${asOf}T00:00:00Z`);
  const next = bars
    .filter(({ end }) => end >= today)
    .sort((one, other) => one.end - other.end)
    .slice(0, mostBars);
  return [
    ...(next.length === 0 ? [] : [figure(drawing(next, asOf, "timeline", "that end next"))]),
    `<details>\n<summary>Timeline of all ${bars.length} credentials</summary>`,
    figure(drawing(bars, asOf, next.length === 0 ? "timeline" : "whole-timeline", "")),
    "</details>",
  ].join("\n");
}

function figure(content: string): string {
  return `<figure>
${content}
<figcaption>Solid: declared. Hatched: undeclared. Outlined: due, but not issued. Diamond: rotation due. Frame around two slots: their overlap, in which both secrets are valid.</figcaption>
</figure>`;
}

function drawing(bars: readonly Bar[], asOf: string, id: string, which: string): string {
  const today = Date.parse(`${asOf}T00:00:00Z`);
  const from = Math.min(today, ...bars.map(({ start }) => start));
  const until = Math.max(today + day, ...bars.map(({ end }) => end));
  const place = (instant: number): number => left + ((instant - from) / (until - from)) * (right - left);
  const x = (instant: number): string => `${place(instant).toFixed(2)}%`;
  const width = (start: number, end: number): string => `${(place(end) - place(start)).toFixed(2)}%`;
  const height = top + bars.length * rowHeight + 10;
  const rows = bars.map(({ credential, start, end }, index) => {
    const { client, kind, name, standing, nextRotationAt } = credential;
    const y = top + index * rowHeight;
    const label = `${client}: ${kind} ${name}`;
    return `<text x="0" y="${y + 14}" class="label">${escapeHtml(`${shortened(client, 22)}: ${kind} ${shortened(name, 14)}`)}</text>
<rect x="${x(start)}" y="${y + 19}" width="${width(start, Math.max(end, start + day))}" height="12" class="${standing}"><title>${escapeHtml(`${label}, ${standing}, ${dateOf(start)} to ${dateOf(end)}`)}</title></rect>
${nextRotationAt === null ? "" : `<svg x="${x(Date.parse(nextRotationAt))}" y="${y + 14}"><path d="M 0 0 l 6 11 l -6 11 l -6 -11 z" class="rotation"><title>Rotation due on ${nextRotationAt.slice(0, 10)}</title></path></svg>`}`;
  });
  return `<svg role="img" aria-labelledby="${id}-title ${id}-description" height="${height}">
<title id="${id}-title">Timeline of the credentials ${which}</title>
<desc id="${id}-description">${counted(bars.length, "credential")} as bars from start to end, with today, ${asOf}, the overlaps of slots, and the rotations that are due. The table that follows has the same dates.</desc>
<defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" class="hatching"/></pattern></defs>
${months(from, until)
  .map(
    ({ at, name }) =>
      `<line x1="${x(at)}" x2="${x(at)}" y1="20" y2="${height}" class="grid"/><text x="${x(at)}" y="14" class="axis">${name}</text>`,
  )
  .join("\n")}
${overlaps(bars)
  .map(
    ({ index, from: start, until: end }) =>
      `<rect x="${x(start)}" y="${top + index * rowHeight + 16}" width="${width(start, end)}" height="${rowHeight + 18}" class="overlap"><title>Overlap from ${dateOf(start)} to ${dateOf(end)}</title></rect>`,
  )
  .join("\n")}
${rows.join("\n")}
<line x1="${x(today)}" x2="${x(today)}" y1="36" y2="${height}" class="today"/>
<text x="${x(today)}" y="32" class="axis strong">today</text>
</svg>`;
}

interface Bar {
  readonly credential: InventoryEntry;
  readonly start: number;
  readonly end: number;
}

/** When a client's secret and the one on the next line are both valid. */
function overlaps(
  bars: readonly Bar[],
): { readonly index: number; readonly from: number; readonly until: number }[] {
  const isSlot = ({ credential: { kind, standing } }: Bar): boolean =>
    kind === "secret" && standing !== "undeclared";
  return bars.flatMap((bar, index) => {
    const next = bars[index + 1];
    if (!next || !isSlot(bar) || !isSlot(next) || bar.credential.client !== next.credential.client) return [];
    const from = Math.max(bar.start, next.start);
    const until = Math.min(bar.end, next.end);
    return from < until ? [{ index, from, until }] : [];
  });
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function dateOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The first days of months within a time, at most six of them, so that their names have room on a narrow screen. */
function months(from: number, until: number): { readonly at: number; readonly name: string }[] {
  const first = new Date(from);
  const count = Math.ceil((until - from) / (28 * day)) + 1;
  const step = Math.max(1, Math.ceil(count / 5));
  return Array.from({ length: Math.ceil(count / step) }, (_unused, index) =>
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + index * step, 1),
  )
    .filter((at) => at < until)
    .map((at) => ({ at, name: new Date(at).toISOString().slice(0, 7) }));
}
