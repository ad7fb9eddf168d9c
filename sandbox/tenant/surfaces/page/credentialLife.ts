/** A stretch of time in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How far a credential has come at a moment. */
export interface CredentialLife extends Span {
  /** Whole days from start to end, rounded. */
  readonly days: number;
  /** Started days until the end; zero once it is over. */
  readonly daysLeft: number;
  /** Part of its life that has passed, from 0 to 1. */
  readonly used: number;
  readonly word: "not yet valid" | "valid" | "ends soon" | "expired";
}

const day = 24 * 60 * 60 * 1000;
/** From how many days before its end a credential is said to end soon. */
const soon = 30;

export function credentialLife(start: string, end: string, now: Date): CredentialLife {
  const from = Date.parse(start);
  const to = Date.parse(end);
  const at = now.getTime();
  const daysLeft = Math.max(0, Math.ceil((to - at) / day));
  return {
    from,
    to,
    days: Math.round((to - from) / day),
    daysLeft,
    used: Math.min(1, Math.max(0, (at - from) / (to - from))),
    word: at >= to ? "expired" : at < from ? "not yet valid" : daysLeft <= soon ? "ends soon" : "valid",
  };
}

/** The stretch that holds all the lives and the moment. */
export function commonSpan(lives: readonly Span[], now: Date): Span {
  const at = now.getTime();
  return {
    from: Math.min(at, ...lives.map((life) => life.from)),
    to: Math.max(at, ...lives.map((life) => life.to)),
  };
}
