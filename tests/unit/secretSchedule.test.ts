import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCalendarDay, parseCalendarDay, type CalendarDay } from "../../components/calendarDate";
import type { SecretSchedule } from "../../components/clientArgs";
import { endDateOf, planSecrets } from "../../components/secretSchedule";

/** Any schedule that the configuration accepts. */
const schedules = fc
  .record({
    from: fc.integer({ min: 0, max: 40_000 }),
    lifetimeDays: fc.integer({ min: 2, max: 730 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ from, lifetimeDays, share }) => ({
    firstDay: from,
    args: {
      from: formatCalendarDay(from),
      lifetimeDays,
      overlapDays: 1 + Math.floor(share * (Math.floor(lifetimeDays / 2) - 1)),
    } satisfies SecretSchedule,
  }));

const daysAfter = fc.integer({ min: 0, max: 4_000 });

describe("secret schedule", () => {
  it("starts with one secret in slot a, on the day itself", () => {
    const plan = planSecrets({ from: "2026-11-23" }, day("2026-11-23"));
    assert.deepEqual(plan, {
      current: { generation: 0, slot: "a", startsOn: day("2026-11-23"), endsOn: day("2027-05-22") },
      nextRotationOn: "2027-04-22",
    });
    assert.equal(endDateOf(plan.current), "2027-05-22T00:00:00Z");
  });

  it("does not declare a retired secret, although it lives, and declares those after it", () => {
    const retired = { from: "2026-11-23", retired: "2026-11-23" };
    const { current, previous } = planSecrets(retired, day("2027-04-22"));
    assert.equal(current.slot, "b");
    assert.equal(previous, undefined);
    assert.equal(planSecrets({ from: "2026-11-23" }, day("2027-04-22")).previous?.slot, "a");
    assert.equal(planSecrets(retired, day("2027-09-19")).previous?.slot, "b");
  });

  it("hands over in the overlap and lets the old secret go on the day of its end", () => {
    const slots = (on: string): string[] => {
      const { current, previous } = planSecrets({ from: "2026-11-23" }, day(on));
      return [current.slot, ...(previous ? [previous.slot] : [])];
    };
    assert.deepEqual(slots("2027-04-21"), ["a"]);
    assert.deepEqual(slots("2027-04-22"), ["b", "a"]);
    assert.deepEqual(slots("2027-05-21"), ["b", "a"]);
    assert.deepEqual(slots("2027-05-22"), ["b"]);
    assert.deepEqual(slots("2027-09-19"), ["a", "b"]);
  });

  it("has no secret before it starts", () => {
    assert.throws(() => planSecrets({ from: "2026-11-23" }, day("2026-11-22")), RangeError);
  });

  it("dates every secret by the schedule alone, whatever day it is declared on", () => {
    fc.assert(
      fc.property(schedules, daysAfter, ({ args, firstDay }, offset) => {
        const { current, previous } = planSecrets(args, firstDay + offset);
        for (const { generation, startsOn, endsOn } of previous ? [current, previous] : [current]) {
          assert.equal(startsOn, firstDay + generation * (args.lifetimeDays - args.overlapDays));
          assert.equal(endsOn, startsOn + args.lifetimeDays);
        }
      }),
    );
  });

  it("declares what lives on the day, in different slots, one or two of them", () => {
    fc.assert(
      fc.property(schedules, daysAfter, ({ args, firstDay }, offset) => {
        const today = firstDay + offset;
        const { current, previous } = planSecrets(args, today);
        for (const { startsOn, endsOn } of previous ? [current, previous] : [current]) {
          assert.ok(startsOn <= today && today < endsOn);
        }
        assert.notEqual(current.slot, previous?.slot);
      }),
    );
  });

  it("changes nothing between two runs in the same window", () => {
    fc.assert(
      fc.property(schedules, daysAfter, ({ args, firstDay }, offset) => {
        const today = firstDay + offset;
        const { previous, ...plan } = planSecrets(args, today);
        const boundary = Math.min(day(plan.nextRotationOn), previous?.endsOn ?? Number.POSITIVE_INFINITY);
        assert.ok(boundary > today);
        assert.deepEqual(planSecrets(args, boundary - 1), planSecrets(args, today));
        assert.notDeepEqual(planSecrets(args, boundary), planSecrets(args, today));
      }),
    );
  });

  it("always has a published secret that is valid, as long as up runs once in every overlap", () => {
    fc.assert(
      fc.property(
        schedules,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
        ({ args, firstDay }, gaps) => {
          let today = firstDay;
          for (const gap of gaps) {
            const published = planSecrets(args, today).current;
            const nextRun = today + 1 + Math.floor(gap * (args.overlapDays - 1));
            assert.ok(nextRun <= published.endsOn, "the published secret ended before the next run");
            today = nextRun;
          }
        },
      ),
    );
  });

  it("never refuses a consumer that reads the published secret once in every overlap", () => {
    fc.assert(
      fc.property(schedules, daysAfter, fc.nat(), ({ args, firstDay }, offset, use) => {
        const readOn = firstDay + offset;
        const published = planSecrets(args, readOn).current;
        const usedOn = readOn + (use % args.overlapDays);
        assert.ok(published.startsOn <= usedOn && usedOn < published.endsOn);
        const { current, previous } = planSecrets(args, usedOn);
        assert.ok(
          [current.generation, previous?.generation].includes(published.generation),
          "a secret in use was no longer declared",
        );
      }),
    );
  });
});

function day(date: string): CalendarDay {
  const parsed = parseCalendarDay(date);
  assert.ok(parsed !== undefined);
  return parsed;
}
