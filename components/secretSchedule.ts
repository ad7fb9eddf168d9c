import { formatCalendarDay, formatMidnight, parseCalendarDay, type CalendarDay } from "./calendarDate";
import type { SecretSchedule } from "./clientArgs";
import { outsideFacts } from "./outsideFacts";

/** The default life of a secret in days. Source: https://learn.microsoft.com/azure/healthcare-apis/register-application */
export const defaultLifetimeDays = 180;
/** The default overlap of two successive secrets in days: as long before its end as Key Vault announces a near expiry. */
export const defaultOverlapDays = 30;
/**
 * The longest life of a secret in days: the 24 months that the Azure portal offers. Source:
 * https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials
 */
export const maximumLifetimeDays: number = outsideFacts.longestSecretDays.value;

/** One of the two places that a secret can live in; successive generations alternate between them. */
export type SecretSlot = "a" | "b";

/** One secret of the schedule. */
export interface SecretGeneration {
  /** Number of the generation, from 0. */
  readonly generation: number;
  /** Where it lives: even generations in a, odd ones in b. */
  readonly slot: SecretSlot;
  /** Its first day. */
  readonly startsOn: CalendarDay;
  /** The day at whose first instant (00:00 UTC) it ends. */
  readonly endsOn: CalendarDay;
}

/** What the schedule declares on one day. */
export interface SecretPlan {
  /** The newest generation that has started: the one to hand out. */
  readonly current: SecretGeneration;
  /** The one before, while it still lives and is not retired. */
  readonly previous?: SecretGeneration;
  /** The day on which the next generation starts, as `2026-11-23`. */
  readonly nextRotationOn: string;
}

/**
 * The secrets that are declared on a day: one, or two during an overlap.
 *
 * @param args a schedule that the client schema accepts.
 * @param asOf the day that counts as today.
 * @throws RangeError when the schedule has not started or its first day is no date.
 */
export function planSecrets(args: SecretSchedule, asOf: CalendarDay): SecretPlan {
  const from = parseCalendarDay(args.from);
  if (from === undefined || from > asOf) {
    throw new RangeError(
      `the schedule from ${JSON.stringify(args.from)} has no secret on ${formatCalendarDay(asOf)}`,
    );
  }
  const { lifetimeDays = defaultLifetimeDays, overlapDays = defaultOverlapDays } = args;
  const step = lifetimeDays - overlapDays;
  const generationAt = (generation: number): SecretGeneration => {
    const startsOn = from + generation * step;
    return { generation, slot: generation % 2 === 0 ? "a" : "b", startsOn, endsOn: startsOn + lifetimeDays };
  };
  const newest = Math.floor((asOf - from) / step);
  const current = generationAt(newest);
  const before = newest > 0 ? generationAt(newest - 1) : undefined;
  const retired = args.retired === undefined ? undefined : parseCalendarDay(args.retired);
  const isDeclared = before && before.endsOn > asOf && !(retired !== undefined && before.startsOn <= retired);
  return {
    current,
    ...(isDeclared ? { previous: before } : {}),
    nextRotationOn: formatCalendarDay(current.startsOn + step),
  };
}

/** When a generation ends, in seconds since 1970-01-01T00:00:00Z, as Key Vault counts. */
export function endsAtOf(generation: SecretGeneration): number {
  return generation.endsOn * 86_400;
}

/** When a generation ends, in the form that Microsoft Graph stores: `2027-05-22T00:00:00Z`. */
export function endDateOf(generation: SecretGeneration): string {
  return formatMidnight(generation.endsOn);
}
