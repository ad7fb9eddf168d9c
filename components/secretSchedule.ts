import { formatCalendarDay, formatMidnight, parseCalendarDay, type CalendarDay } from "./calendarDate";
import type { Problem } from "./problem";

/**
 * When client secrets are issued and when they end. Generation k starts `k · (lifetimeDays − overlapDays)` days after
 * `from` and lives `lifetimeDays` days, so two generations overlap while consumers move from one to the next.
 */
export interface SecretSchedule {
  /** First day of the first secret, as a UTC date such as `2026-11-23`. It anchors the schedule and may not be in the future. */
  from: string;
  /** How many days one secret lives: 2 to 730. Default 180, as Microsoft recommends for registered applications. */
  lifetimeDays?: number;
  /**
   * How many days two successive secrets are both valid: at least 1, at most half the lifetime. Default 30. Run
   * `pulumi up` and let consumers read the published value at least once in this time.
   */
  overlapDays?: number;
  /** Counter that re-mints every declared secret at once when raised, for instance after a leak. Default 0. */
  reissue?: number;
  /**
   * First day of the newest secret that nobody uses any more, as a UTC date: this one and those before it are not declared, although
   * they may still be valid. `dicom-ops retire --apply` writes it. The current secret cannot be retired. Default: none.
   */
  retired?: string;
}

/** The default life of a secret in days. Source: https://learn.microsoft.com/azure/healthcare-apis/register-application */
export const defaultLifetimeDays = 180;
/** The default overlap of two successive secrets in days: as long before its end as Key Vault announces a near expiry. */
export const defaultOverlapDays = 30;
/**
 * The longest life of a secret in days: the 24 months that the Azure portal offers. Source:
 * https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials
 */
export const maximumLifetimeDays = 730;

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
 * What is wrong with the days of a schedule, seen from a given day.
 *
 * @param secret the schedule as it was read; anything that is no schedule with a date has no problem here.
 */
export function secretDayProblems(secret: unknown, asOf: CalendarDay): Problem[] {
  const {
    from: first,
    retired,
    lifetimeDays = defaultLifetimeDays,
    overlapDays = defaultOverlapDays,
  } = (secret ?? {}) as Partial<Readonly<Record<string, unknown>>>;
  const from = typeof first === "string" ? parseCalendarDay(first) : undefined;
  if (from === undefined) return [];
  if (from > asOf) {
    return [
      {
        path: ["from"],
        message: `${formatCalendarDay(from)} is in the future; the first secret must start on or before ${formatCalendarDay(asOf)}`,
      },
    ];
  }
  const last = typeof retired === "string" ? parseCalendarDay(retired) : undefined;
  const step = Number(lifetimeDays) - Number(overlapDays);
  if (last === undefined || !(step > 0)) return [];
  const current = from + Math.floor((asOf - from) / step) * step;
  return last < current
    ? []
    : [
        {
          path: ["retired"],
          message: `the current secret starts on ${formatCalendarDay(current)} and cannot be retired; write the first day of an earlier one, or take it out`,
        },
      ];
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
