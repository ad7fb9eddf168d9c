import { lastUseOf } from "../retire/useReport";
import type { Comparison } from "./comparison";
import { quoted } from "./comparison";
import type { Finding } from "./finding";
import type { LiveSecret } from "./liveObjects";

const secondsPerDay = 86_400;

/** A credential by its name; without one, by its id, which nobody can leave out. */
export function named(kind: string, { displayName, keyId }: LiveSecret): string {
  return displayName === "" ? `${kind} ${keyId}, which has no name,` : `${kind} ${quoted(displayName)}`;
}

/** What is wrong with the life of a declared credential. */
export function lifeOf(
  comparison: Comparison,
  kind: string,
  credential: LiveSecret,
  isSuperseded: boolean,
): Finding[] {
  const { limits, found, redeploy } = comparison;
  const { keyId, startDateTime, endDateTime } = credential;
  const left = daysLeft(comparison, endDateTime);
  const dates = datesOf(credential);
  const facts = { side: "live" as const, object: keyId, content: dates, ...dates, next: redeploy };
  const name = named(kind, credential);
  const life =
    startDateTime === null || endDateTime === null
      ? undefined
      : Math.floor((Date.parse(endDateTime) - Date.parse(startDateTime)) / 1000 / secondsPerDay);
  return [
    ...(left !== undefined && left < 0
      ? [found({ ...facts, rule: "credential-expired", detail: `${name} ended on ${day(endDateTime)}.` })]
      : left !== undefined && left <= limits.warnDays && !isSuperseded
        ? [
            found({
              ...facts,
              rule: "credential-expiring",
              detail: `${name} ends on ${day(endDateTime)}, in ${left} ${left === 1 ? "day" : "days"}, and has no successor.`,
            }),
          ]
        : []),
    ...(endDateTime === null || (life !== undefined && life > limits.maximumLifeDays)
      ? [
          found({
            ...facts,
            rule: "credential-long-lived",
            detail: `${name} lives ${life === undefined ? "for ever" : `${life} days`}; at most ${limits.maximumLifeDays} are allowed.`,
          }),
        ]
      : []),
  ];
}

/** Whole days until an instant; -1 once it has passed, undefined when there is none. */
export function daysLeft({ asOf }: Comparison, endsAt: string | null): number | undefined {
  if (endsAt === null) return undefined;
  const end = Date.parse(endsAt) / 1000 / secondsPerDay;
  return end <= asOf ? -1 : Math.floor(end - asOf);
}

/** From when until when a credential is valid. */
export function lifeText(comparison: Comparison, { keyId, startDateTime, endDateTime }: LiveSecret): string {
  const left = daysLeft(comparison, endDateTime);
  const end =
    endDateTime === null
      ? "without an end"
      : left !== undefined && left < 0
        ? `ended on ${day(endDateTime)}`
        : `until ${day(endDateTime)}`;
  const last = lastUseOf(comparison.use, keyId);
  return `, from ${day(startDateTime)} ${end}${last === null ? "" : `, last used on ${day(last)}`}`;
}

/** When a credential starts and ends, as findings have it. */
export function datesOf({ startDateTime, endDateTime }: LiveSecret): {
  startsAt: string | null;
  endsAt: string | null;
} {
  return { startsAt: startDateTime, endsAt: endDateTime };
}

export function day(instant: string | null): string {
  return instant === null ? "an unknown day" : instant.slice(0, 10);
}
