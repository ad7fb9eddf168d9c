import assert from "node:assert/strict";
import fc from "fast-check";
import { type Evidence, judgeUse, reportDelayDays } from "../retire/unused";

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse("2026-11-23T00:00:00Z");

/** One consumer: when it signs in, and which days it spends on the old secret. */
interface Consumer {
  /** Parts of the longest pause, 0 to 1, between its sign-ins, repeated. */
  readonly pauses: readonly number[];
  /** Day on which it moves to the successor; none: never. */
  readonly movesOn: number | null;
  /** Part of the days that are waited for, after which it goes back, for so many days. */
  readonly back: { readonly after: number; readonly forDays: number } | null;
}

/** A client's history: what happens, and how late and wrong it is told. */
interface History {
  readonly unusedDays: number;
  readonly consumers: readonly Consumer[];
  /** How late each sign-in is reported, as a part of the longest delay, repeated. */
  readonly delays: readonly number[];
  /** How far the clock of who stamps a sign-in is off, -1 to 1 of half the tolerance, repeated. */
  readonly skews: readonly number[];
  /** Hours between the runs of the command, repeated. */
  readonly runs: readonly number[];
}

interface SignIn {
  readonly at: number;
  readonly isOld: boolean;
  readonly stamp: number;
  readonly reportedAt: number;
}

const history: fc.Arbitrary<History> = fc.record({
  unusedDays: fc.integer({ min: 1, max: 30 }),
  consumers: fc.array(
    fc.record({
      pauses: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
      movesOn: fc.option(fc.integer({ min: 1, max: 60 }), { freq: 4 }),
      back: fc.option(
        fc.record({
          after: fc.double({ min: 0, max: 0.99, noNaN: true }),
          forDays: fc.integer({ min: 1, max: 40 }),
        }),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  delays: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 7 }),
  skews: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
  runs: fc.array(fc.integer({ min: 1, max: 48 }), { minLength: 1, maxLength: 5 }),
});

const lastDay = 140;

/** Every sign-in of a history. A consumer pauses for no longer than the days that are waited for, whichever secret it uses. */
function signIns({ unusedDays, consumers, delays, skews }: History): readonly SignIn[] {
  let count = 0;
  const of = (list: readonly number[]): number => list[count % list.length] ?? 0;
  return consumers.flatMap(({ pauses, movesOn, back }) => {
    const made: SignIn[] = [];
    let at = start + (pauses[0] ?? 0) * day;
    let lastOld = at;
    let backUntil: number | undefined;
    for (let index = 0; at < start + lastDay * day; index += 1) {
      const moved = movesOn !== null && at >= start + movesOn * day;
      if (moved && back && backUntil === undefined && at - lastOld >= back.after * unusedDays * day) {
        // Whoever goes back does so before the old one counts as unused; later it may be gone.
        if (at - lastOld < unusedDays * day) backUntil = at + back.forDays * day;
        else backUntil = 0;
      }
      const isOld = !moved || (backUntil !== undefined && at < backUntil);
      if (isOld) lastOld = at;
      count += 1;
      made.push({
        at,
        isOld,
        stamp: at + of(skews) * (hour / 4),
        reportedAt: at + of(delays) * reportDelayDays * day,
      });
      at += Math.max(8 * hour, (pauses[index % pauses.length] ?? 1) * unusedDays * day);
    }
    return made;
  });
}

interface Outcome {
  /** When the old secret was removed. */
  readonly removedAt: number | undefined;
  /** Sign-ins that were refused for that. */
  readonly outages: number;
  /** Last use of the old secret. */
  readonly lastOld: number;
  /** Whether a successor was used after that. */
  readonly isSucceeded: boolean;
}

/** Goes through a history, running the command again and again. @param days what the command is told to wait for */
function play(told: History, days: number): Outcome {
  const all = signIns(told);
  const latest = (isOld: boolean, shown: readonly SignIn[]): Date | undefined => {
    const stamps = shown.filter((one) => one.isOld === isOld).map(({ stamp }) => stamp);
    return stamps.length === 0 ? undefined : new Date(Math.max(...stamps));
  };
  const evidenceAt = (now: number, run: number): Evidence => {
    const shown = all.filter(({ reportedAt }) => reportedAt <= now);
    return {
      readAt: new Date(now + (told.skews[run % told.skews.length] ?? 0) * (hour / 4)),
      startsAt: new Date(start),
      endsAt: null,
      lastUsedAt: latest(true, shown),
      successors: [{ keyId: "successor", endsAt: null, lastUsedAt: latest(false, shown) }],
    };
  };
  let removedAt: number | undefined;
  for (let run = 0, now = start; now < start + lastDay * day && removedAt === undefined; run += 1) {
    if (judgeUse(evidenceAt(now, run), days).use === "unused") removedAt = now;
    now += (told.runs[run % told.runs.length] ?? 1) * hour;
  }
  const removed = removedAt;
  const olds = all.filter(({ isOld }) => isOld);
  return {
    removedAt,
    outages: removed === undefined ? 0 : olds.filter(({ at }) => at > removed).length,
    lastOld: Math.max(...olds.map(({ at }) => at)),
    isSucceeded: all.some(({ isOld, at }) => !isOld && at > Math.max(...olds.map((one) => one.at))),
  };
}

const evidence: Evidence = {
  readAt: new Date("2027-03-01T00:00:00Z"),
  startsAt: new Date("2026-11-23T00:00:00Z"),
  endsAt: new Date("2028-01-01T00:00:00Z"),
  lastUsedAt: new Date("2027-01-01T00:00:00Z"),
  successors: [
    { keyId: "new", endsAt: new Date("2027-09-01T00:00:00Z"), lastUsedAt: new Date("2027-02-20T00:00:00Z") },
  ],
};

describe("Whether a credential is still used", function () {
  this.timeout(120_000);

  it("costs no consumer its access in 1,000 histories, and keeps no secret longer than the rule", () => {
    let removals = 0;
    fc.assert(
      fc.property(history, (told) => {
        const { removedAt, outages, lastOld, isSucceeded } = play(told, told.unusedDays);
        assert.equal(outages, 0);
        if (removedAt !== undefined) removals += 1;
        // The wait, twice the clocks' tolerance, and the time until the next run.
        const latest = lastOld + (told.unusedDays + reportDelayDays) * day + 2 * hour + 48 * hour;
        if (isSucceeded && latest < start + lastDay * day) {
          assert.ok(removedAt !== undefined && removedAt <= latest, "kept without a use");
        }
      }),
      { numRuns: 1_000, seed: 20_261_123 },
    );
    assert.ok(removals > 200, `${removals} removals`);
  });

  it("would cost access if the report's delay were not waited for: the histories are hard enough to show it", () => {
    let outages = 0;
    fc.assert(
      fc.property(history, (told) => {
        outages += play(told, told.unusedDays - reportDelayDays - 1).outages;
      }),
      { numRuns: 1_000, seed: 20_261_123 },
    );
    assert.ok(outages > 0);
  });

  const cases: readonly (readonly [string, Partial<Evidence>, string, RegExp])[] = [
    ["a successor used since", {}, "unused", /last used on 2027-01-01; its successor new on 2027-02-20/],
    [
      "a use within the days",
      { lastUsedAt: new Date("2027-02-20") },
      "used",
      /counts as unused from 2027-03-10 on/,
    ],
    ["a use within the delay", { lastUsedAt: new Date("2027-02-13") }, "used", /last used on 2027-02-13/],
    ["no row in the report", { lastUsedAt: undefined }, "unknown", /does not prove that nobody uses it/],
    ["a row without a use", { lastUsedAt: null }, "unused", /no use is reported; its successor/],
    [
      "a row without a use, of a new one",
      { lastUsedAt: null, startsAt: new Date("2027-02-20") },
      "unknown",
      /too new/,
    ],
    [
      "a row without a use or a start",
      { lastUsedAt: null, startsAt: null },
      "unknown",
      /since when it exists is not known/,
    ],
    ["no successor", { successors: [] }, "unknown", /may only be asleep/],
    [
      "a successor that nobody uses",
      { successors: [{ keyId: "new", endsAt: null, lastUsedAt: undefined }] },
      "unknown",
      /may only be asleep/,
    ],
    [
      "a successor used before the old one only, as by consumers that went back",
      { successors: [{ keyId: "new", endsAt: null, lastUsedAt: new Date("2026-12-31") }] },
      "unknown",
      /may only be asleep/,
    ],
    [
      "a successor that has ended itself",
      { successors: [{ keyId: "new", endsAt: new Date("2027-02-25"), lastUsedAt: new Date("2027-02-20") }] },
      "unknown",
      /may only be asleep/,
    ],
    [
      "its end in the past",
      { endsAt: new Date("2027-02-01"), lastUsedAt: undefined },
      "unused",
      /nobody can sign in/,
    ],
    ["a use in the future", { lastUsedAt: new Date("2027-04-01") }, "unknown", /lies in the future/],
  ];
  for (const [title, changed, use, why] of cases) {
    it(`is ${use} by ${title}`, () => {
      const verdict = judgeUse({ ...evidence, ...changed }, 14);
      assert.equal(verdict.use, use);
      assert.match(verdict.why, why);
    });
  }
});
