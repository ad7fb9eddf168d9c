/** A day of the UTC calendar, counted from 1970-01-01 (day 0). Whole days keep schedules free of clocks and time zones. */
export type CalendarDay = number;

const millisecondsPerDay = 86_400_000;

/**
 * The part before an optional time of midnight. Besides `2026-11-23` this accepts what the Pulumi CLI makes of an
 * unquoted YAML date (`2026-11-23 00:00:00 +0000 UTC`) and RFC 3339 midnight (`2026-11-23T00:00:00Z`).
 */
const datePattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00:00(?:\.0+)?(?:Z| ?\+00:?00(?: UTC)?))?$/;

/**
 * Reads a date such as `2026-11-23`.
 *
 * @returns the day, or undefined when the text is no date or names a day that the calendar does not have.
 */
export function parseCalendarDay(text: string): CalendarDay | undefined {
  const match = datePattern.exec(text.trim());
  if (!match) {
    return undefined;
  }
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const time = Date.UTC(year, month - 1, day);
  const read = new Date(time);
  const exists =
    read.getUTCFullYear() === year && read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
  return exists ? time / millisecondsPerDay : undefined;
}

/** Writes a day as `2026-11-23`. */
export function formatCalendarDay(day: CalendarDay): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

/**
 * Writes the first instant of a day as `2026-11-23T00:00:00Z`: UTC, whole seconds, ending in `Z`. Microsoft Graph returns
 * dates in this form; any other form would read as a change on the next run and replace the credential.
 */
export function formatMidnight(day: CalendarDay): string {
  return `${formatCalendarDay(day)}T00:00:00Z`;
}

/** The day that an instant falls on in UTC. */
export function calendarDayOf(instant: Date): CalendarDay {
  return Math.floor(instant.getTime() / millisecondsPerDay);
}
