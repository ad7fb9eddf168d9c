/** What is known of a credential and of those that take its place. */
export interface Evidence {
  /** When the report was read, by the service's clock. */
  readonly readAt: Date;
  /** When the old credential begins to be valid; null when that is not known. */
  readonly startsAt: Date | null;
  /** When it ends; null when it never does. */
  readonly endsAt: Date | null;
  /** Undefined when the report does not know it; null when it knows no use of it. */
  readonly lastUsedAt: Date | null | undefined;
  /** Declared credentials that its consumers may have moved to. */
  readonly successors: readonly Successor[];
}

/** A declared credential. */
export interface Successor {
  readonly keyId: string;
  readonly endsAt: Date | null;
  readonly lastUsedAt: Date | null | undefined;
}

/**
 * - `used`: somebody has used it within the days that are waited for;
 * - `unused`: nobody has, and a successor was used since: it can be removed, and no consumer is refused for it;
 * - `unknown`: nothing can be concluded.
 */
export type Use = "used" | "unused" | "unknown";

/** What follows from the evidence. */
export interface UseVerdict {
  readonly use: Use;
  /** In one sentence. */
  readonly why: string;
  /** The successor that has been used since; null when none has. */
  readonly successor: Successor | null;
}

const day = 86_400_000;

/**
 * How late the report may be, in days. Microsoft documents no figure for this report; three days are the longest that its article on
 * log latency names for any. Source: https://learn.microsoft.com/entra/identity/monitoring-health/reference-log-latency
 */
export const reportDelayDays = 3;

/** How far the clocks of servers may be apart, in milliseconds. */
const clockTolerance = 3_600_000;

/** How many days a credential is waited for when nothing else is said. */
export const defaultUnusedDays = 14;

/**
 * Whether a credential is still used.
 *
 * It is unused when the report shows its last use longer ago than these days and the report's delay together, and a use of a successor
 * after that: so no consumer that signs in at least once in these days is left with it. Nothing is concluded from what the report does
 * not show.
 */
export function judgeUse(evidence: Evidence, unusedDays: number): UseVerdict {
  const { readAt, startsAt, endsAt, lastUsedAt } = evidence;
  const now = readAt.getTime();
  const verdict = (use: Use, why: string, successor: Successor | null = null): UseVerdict => ({
    use,
    why,
    successor,
  });
  if (endsAt !== null && endsAt.getTime() + clockTolerance <= now) {
    return verdict("unused", `it has ended on ${dayOf(endsAt)}, so nobody can sign in with it`);
  }
  if (lastUsedAt === undefined) {
    return verdict("unknown", "the report does not know it, which does not prove that nobody uses it");
  }
  const since = lastUsedAt ?? startsAt;
  if (since === null) return verdict("unknown", "no use is reported, and since when it exists is not known");
  if (since.getTime() > now + clockTolerance) {
    return verdict(
      "unknown",
      `${lastUsedAt === null ? "it starts" : "its last use lies"} in the future, on ${dayOf(since)}`,
    );
  }
  const last = lastUsedAt === null ? "no use is reported" : `it was last used on ${dayOf(lastUsedAt)}`;
  const countsFrom = since.getTime() + (unusedDays + reportDelayDays) * day + clockTolerance;
  if (countsFrom > now) {
    const until = `counts as unused from ${dayOf(new Date(countsFrom + day - 1))} on`;
    return lastUsedAt === null
      ? verdict("unknown", `${last}, but it is too new: it ${until}`)
      : verdict("used", `${last}; without another use it ${until}`);
  }
  const successor = evidence.successors.find(
    ({ endsAt: end, lastUsedAt: use }) =>
      (end === null || end.getTime() > now) &&
      use !== null &&
      use !== undefined &&
      use.getTime() > since.getTime() &&
      use.getTime() <= now + clockTolerance,
  );
  return successor
    ? verdict(
        "unused",
        `${last}; its successor ${successor.keyId} on ${dayOf(successor.lastUsedAt ?? readAt)}`,
        successor,
      )
    : verdict("unknown", `${last}, but no successor has been used since: its consumers may only be asleep`);
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
