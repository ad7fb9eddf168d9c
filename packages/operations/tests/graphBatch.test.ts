import assert from "node:assert/strict";
import { GraphBatch } from "../cloud/graphBatch";
import type { HttpAnswer } from "../cloud/httpTransport";

interface Request {
  readonly id: string;
  readonly url: string;
}

const answerOf = (status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** A Graph that answers each path with itself; what is busy says so as often as it is told to. */
function graph(busy: Readonly<Record<string, readonly Partial<{ status: number; after: string }>[]>> = {}) {
  const left = new Map(
    Object.entries(busy).map(([path, answers]): [string, Partial<{ status: number; after: string }>[]] => [
      path,
      [...answers],
    ]),
  );
  const batches: string[][] = [];
  const singles: string[] = [];
  const waits: number[] = [];
  const notes: string[] = [];
  const batch = new GraphBatch(
    {
      one: (path) => {
        singles.push(path);
        return Promise.resolve(answerOf(200, { path }));
      },
      batch: (body) => {
        const { requests } = JSON.parse(body) as { requests: readonly Request[] };
        batches.push(requests.map(({ url }) => url));
        const responses = requests.map(({ id, url }) => {
          const refusal = left.get(url)?.shift();
          return refusal
            ? {
                id,
                status: refusal.status ?? 429,
                headers: refusal.after === undefined ? {} : { "Retry-After": refusal.after },
                body: { error: { code: "TooManyRequests" } },
              }
            : { id, status: 200, body: { path: url } };
        });
        return Promise.resolve(answerOf(200, { responses: responses.reverse() }));
      },
    },
    {
      now: () => new Date("2026-08-20T09:00:00Z"),
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    },
    (line) => notes.push(line),
  );
  const read = async (paths: readonly string[]): Promise<readonly unknown[]> => {
    const answers = await Promise.all(paths.map((path) => batch.get(path)));
    return answers.map(({ status, body }) =>
      status === 200 ? (JSON.parse(body) as { path: string }).path : status,
    );
  };
  return { read, batches, singles, waits, notes };
}

const paths = (count: number): string[] => Array.from({ length: count }, (_none, index) => `/p/${index}`);

describe("reads of Microsoft Graph in batches", () => {
  it("go twenty in one request, and each gets its own answer, in whatever order they come", async () => {
    const { read, batches } = graph();
    assert.deepEqual(await read(paths(45)), paths(45));
    assert.deepEqual(
      batches.map(({ length }) => length),
      [20, 20, 5],
    );
  });

  it("go by themselves when there is one", async () => {
    const { read, batches, singles } = graph();
    assert.deepEqual(await read(["/one"]), ["/one"]);
    assert.deepEqual([batches, singles], [[], ["/one"]]);
  });

  it("are sent again after the longest time that was asked for, those alone that were refused", async () => {
    const { read, batches, waits, notes } = graph({
      "/p/1": [{ after: "7" }],
      "/p/2": [{ after: "30" }, { status: 503 }],
    });
    assert.deepEqual(await read(paths(3)), paths(3));
    assert.deepEqual(batches, [paths(3), ["/p/1", "/p/2"], ["/p/2"]]);
    assert.deepEqual(waits, [30_000, 2000]);
    assert.deepEqual(notes, ["The service is throttling requests; waiting 30 s"]);
  });

  it("are given up after six times, with the last answer, and without harm to the others", async () => {
    const { read, waits } = graph({ "/p/0": Array.from({ length: 9 }, () => ({ after: "1" })) });
    assert.deepEqual(await read(paths(2)), [429, "/p/1"]);
    assert.equal(waits.length, 5);
  });

  it("take an answer that is missing for that of a busy service", async () => {
    let isFirst = true;
    const batch = new GraphBatch(
      {
        one: () => Promise.reject(new Error("not asked for")),
        batch: (body) => {
          const { requests } = JSON.parse(body) as { requests: readonly Request[] };
          const answered = isFirst ? requests.slice(1) : requests;
          isFirst = false;
          return Promise.resolve(
            answerOf(200, { responses: answered.map(({ id, url }) => ({ id, status: 200, body: { url } })) }),
          );
        },
      },
      { now: () => new Date(), sleep: () => Promise.resolve() },
      () => undefined,
    );
    const answers = await Promise.all([batch.get("/a"), batch.get("/b")]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
  });

  for (const status of [400, 404, 405, 501]) {
    it(`go by themselves in a cloud that answers a batch with ${status}`, async () => {
      const singles: string[] = [];
      const batch = new GraphBatch(
        {
          one: (path) => {
            singles.push(path);
            return Promise.resolve(answerOf(200, {}));
          },
          batch: () => Promise.resolve(answerOf(status, { error: { code: "x" } })),
        },
        { now: () => new Date(), sleep: () => Promise.resolve() },
        () => undefined,
      );
      await Promise.all(paths(3).map((path) => batch.get(path)));
      assert.deepEqual(singles, paths(3));
    });
  }

  it("fail together when nothing can be sent", async () => {
    const batch = new GraphBatch(
      { one: () => Promise.reject(new Error("down")), batch: () => Promise.reject(new Error("down")) },
      { now: () => new Date(), sleep: () => Promise.resolve() },
      () => undefined,
    );
    const results = await Promise.allSettled(paths(3).map((path) => batch.get(path)));
    assert.ok(results.every(({ status }) => status === "rejected"));
  });
});
