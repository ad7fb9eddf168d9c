import { escapeHtml } from "../console/markup";
import type { InventoryEntry } from "./credentialInventory";

const width = 960;
const nameWidth = 300;
const rowHeight = 26;
const top = 40;
const day = 86_400_000;

/**
 * Draws the credentials that have an end as bars over time, with today and the rotations that come. It is an extra to the table
 * beside it, which says the same in words.
 */
export function credentialTimeline(credentials: readonly InventoryEntry[], asOf: string): string {
  const bars = credentials.flatMap((credential): Bar[] => {
    const { startsAt, endsAt } = credential;
    if (endsAt === null) return [];
    const end = Date.parse(endsAt);
    return [{ credential, start: startsAt === null ? end : Date.parse(startsAt), end }];
  });
  if (bars.length === 0) return "";
  const today = Date.parse(`${asOf}T00:00:00Z`);
  const from = Math.min(today, ...bars.map(({ start }) => start)) - 10 * day;
  const until = Math.max(today, ...bars.map(({ end }) => end)) + 10 * day;
  const x = (instant: number): string =>
    (nameWidth + ((instant - from) / (until - from)) * (width - nameWidth - 10)).toFixed(1);
  const height = top + bars.length * rowHeight + 10;
  const rows = bars.map(({ credential, start, end }, index) => {
    const { client, kind, name, standing, nextRotationAt } = credential;
    const y = top + index * rowHeight;
    const label = `${client}: ${kind} ${name}`;
    return `<text x="0" y="${y + 16}" class="label">${escapeHtml(label.length > 42 ? `${label.slice(0, 41)}…` : label)}</text>
<rect x="${x(start)}" y="${y + 4}" width="${Math.max(Number(x(end)) - Number(x(start)), 2).toFixed(1)}" height="16" class="${standing}"><title>${escapeHtml(`${label}, ${standing}, ${dateOf(start)} to ${dateOf(end)}`)}</title></rect>
${nextRotationAt === null ? "" : `<path d="M ${x(Date.parse(nextRotationAt))} ${y + 1} l 6 11 l -6 11 l -6 -11 z" class="rotation"><title>Rotation due on ${nextRotationAt.slice(0, 10)}</title></path>`}`;
  });
  return `<figure>
<svg role="img" aria-labelledby="timeline-title timeline-description" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title id="timeline-title">Timeline of the credentials</title>
<desc id="timeline-description">${bars.length} credentials as bars from start to end, with today, ${asOf}, the overlaps of slots, and the rotations that are due. The table that follows has the same dates.</desc>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" class="hatching"/></pattern></defs>
${months(from, until)
  .map(
    ({ at, name }) =>
      `<line x1="${x(at)}" x2="${x(at)}" y1="20" y2="${height}" class="grid"/><text x="${x(at)}" y="14" class="axis">${name}</text>`,
  )
  .join("\n")}
${rows.join("\n")}
${overlaps(bars)
  .map(
    ({ index, from: start, until: end }) =>
      `<rect x="${x(start)}" y="${top + index * rowHeight + 2}" width="${(Number(x(end)) - Number(x(start))).toFixed(1)}" height="${2 * rowHeight - 4}" class="overlap"><title>Overlap from ${dateOf(start)} to ${dateOf(end)}</title></rect>`,
  )
  .join("\n")}
<line x1="${x(today)}" x2="${x(today)}" y1="20" y2="${height}" class="today"/>
<text x="${x(today)}" y="32" class="axis strong">today</text>
</svg>
<figcaption>Solid: declared. Hatched: undeclared. Outlined: due, but not issued. Diamond: rotation due. Frame around two slots: their overlap, in which both secrets are valid.</figcaption>
</figure>`;
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

function dateOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The first days of months within a time, at most a dozen of them. */
function months(from: number, until: number): { readonly at: number; readonly name: string }[] {
  const first = new Date(from);
  const count = Math.ceil((until - from) / (28 * day)) + 1;
  const step = Math.max(1, Math.ceil(count / 10));
  return Array.from({ length: Math.ceil(count / step) }, (_unused, index) =>
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + index * step, 1),
  )
    .filter((at) => at < until)
    .map((at) => ({ at, name: new Date(at).toISOString().slice(0, 7) }));
}
