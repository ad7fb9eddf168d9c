/** A stretch of time. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** How far a credential has come at a moment. */
export interface CredentialLife extends Span {
  /** Whole days until the end; zero on the last day and after it. */
  readonly daysLeft: number;
  /** Part of its life that has passed, from 0 to 1. */
  readonly used: number;
  readonly word: "not yet valid" | "valid" | "ends soon" | "expired";
}

const day = 24 * 60 * 60 * 1000;
/** From how many days before its end on a credential is said to end soon. */
const soon = 30;

/** @param start @param end ISO 8601 */
export function credentialLife(start: string, end: string, now: Date): CredentialLife {
  const span = { from: new Date(start), to: new Date(end) };
  const daysLeft = Math.max(0, Math.floor((span.to.getTime() - now.getTime()) / day));
  return { ...span, daysLeft, used: partOf(span, now), word: wordFor(span, now, daysLeft) };
}

/** The shortest stretch that holds all the given ones and the moment. */
export function commonSpan(spans: readonly Span[], now: Date): Span {
  const at = now.getTime();
  return {
    from: new Date(Math.min(at, ...spans.map(({ from }) => from.getTime()))),
    to: new Date(Math.max(at, ...spans.map(({ to }) => to.getTime()))),
  };
}

/** Where in a stretch a moment lies: 0 at or before its start, 1 at or after its end. */
export function partOf({ from, to }: Span, moment: Date): number {
  const length = to.getTime() - from.getTime();
  return length === 0 ? 0 : Math.min(1, Math.max(0, (moment.getTime() - from.getTime()) / length));
}

function wordFor({ from, to }: Span, now: Date, daysLeft: number): CredentialLife["word"] {
  if (now >= to) return "expired";
  if (now < from) return "not yet valid";
  return daysLeft <= soon ? "ends soon" : "valid";
}
