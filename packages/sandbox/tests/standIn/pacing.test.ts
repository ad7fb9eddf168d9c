import assert from "node:assert/strict";
import fc from "fast-check";
import { ApplicationLocks } from "../../standIn/azuread/applicationLocks";
import { wholeSeconds } from "../../standIn/azuread/fixedOffsetTime";
import { retriesWithin } from "../../standIn/http/goBackoff";
import { pollUntil } from "../../standIn/http/pollUntil";
import { escapeQuery, queryString } from "../../standIn/http/queryString";

describe("stand-in: retries and polling", () => {
  for (const [minutes, retries] of [
    [5, 9],
    [10, 14],
    [15, 19],
  ] as const) {
    it(`tries ${retries} times more in ${minutes} minutes`, () => {
      assert.equal(retriesWithin(minutes * 60), retries);
    });
  }

  const poll = async (
    answers: readonly boolean[],
    options: {
      readonly fixedWaits: boolean;
      readonly occurrences?: number;
      readonly limitFruitless?: boolean;
    },
  ): Promise<{ polls: number; waits: number[] }> => {
    const waits: number[] = [];
    let polls = 0;
    await pollUntil(() => Promise.resolve(answers[polls++] ?? true), {
      pace: {
        fixedWaits: options.fixedWaits,
        sleep: (milliseconds) => {
          waits.push(milliseconds);
          return Promise.resolve();
        },
      },
      intervalSeconds: 1,
      occurrences: options.occurrences ?? 5,
      limitFruitless: options.limitFruitless ?? true,
      deadline: Date.now() + 600_000,
      signal: new AbortController().signal,
    });
    return { polls, waits };
  };

  it("wants to see a new object as often in a row as the real plugin, a second apart", async () => {
    assert.deepEqual(await poll([true, true, false], { fixedWaits: true }), {
      polls: 8,
      waits: [1000, 1000, 1000, 2000, 2000, 2000, 2000],
    });
  });

  it("is content with seeing it once when the fixed waits are off", async () => {
    assert.deepEqual(await poll([true], { fixedWaits: false }), { polls: 1, waits: [] });
  });

  it("waits longer and longer for what is late, up to ten seconds", async () => {
    const { waits } = await poll([false, false, false, false, false, false], {
      fixedWaits: true,
      occurrences: 1,
    });
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("gives up after 21 fruitless polls, where the real plugin does", async () => {
    const never = Array.from({ length: 30 }, () => false);
    await assert.rejects(poll(never, { fixedWaits: true }), /couldn't find resource \(21 retries\)/);
    assert.equal((await poll(never, { fixedWaits: true, limitFruitless: false, occurrences: 1 })).polls, 31);
  });
});

describe("stand-in: application locks", () => {
  it("let changes of one application happen one after another, also after a failure, and others meanwhile", async () => {
    const locks = new ApplicationLocks();
    const log: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = locks.run("a", async () => {
      log.push("a1 begins");
      await held;
      log.push("a1 ends");
      throw new Error("no luck");
    });
    const failed = assert.rejects(first, /no luck/);
    const second = locks.run("a", () => {
      log.push("a2");
      return Promise.resolve("done");
    });
    await locks.run("b", () => {
      log.push("b1");
      return Promise.resolve();
    });
    release();
    await failed;
    assert.equal(await second, "done");
    assert.deepEqual(log, ["a1 begins", "b1", "a1 ends", "a2"]);
  });
});

describe("stand-in: Go's notations", () => {
  it("encodes a query as Go does", () => {
    assert.equal(
      escapeQuery("displayName eq 'O''Brien (1) *~'"),
      "displayName+eq+%27O%27%27Brien+%281%29+%2A~%27",
    );
    assert.equal(queryString({ $select: "a,b", $filter: "x" }), "?%24filter=x&%24select=a%2Cb");
    assert.equal(queryString({}), "");
  });

  it("encodes any query so that it reads back", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" })),
        (parameters) => {
          const read = [...new URLSearchParams(queryString(parameters))];
          assert.deepEqual(
            read,
            Object.keys(parameters)
              .sort()
              .map((key) => [key, parameters[key]]),
          );
        },
      ),
    );
  });

  it("sends times without fractions of a second, with the offset as it is", () => {
    assert.equal(wholeSeconds("2027-05-01T00:00:00.123456Z"), "2027-05-01T00:00:00Z");
    assert.equal(wholeSeconds("2027-05-01T02:00:00.5+02:00"), "2027-05-01T02:00:00+02:00");
    assert.equal(wholeSeconds("2027-05-01T00:00:00Z"), "2027-05-01T00:00:00Z");
  });
});
