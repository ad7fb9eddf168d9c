import { z } from "zod";
import type { OperationClock } from "../operationIo";
import type { HttpAnswer } from "./httpTransport";
import { parsedJson } from "./parsedJson";
import { isTransient, retryAttempts, retryWait } from "./retry";

/** How many requests Microsoft Graph takes in one. Source: https://learn.microsoft.com/graph/json-batching */
const requestsInBatch = 20;

const batchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.unknown()).nullish(),
      body: z.unknown(),
    }),
  ),
});

/** What sends. Each of the two tries busy services again and throws when no answer comes. */
export interface BatchTransport {
  /** Sends one request by itself. @param path after the version */
  one(path: string): Promise<HttpAnswer>;
  /** Sends a batch. @param body JSON */
  batch(body: string): Promise<HttpAnswer>;
}

interface Waiting {
  readonly path: string;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads of Microsoft Graph, twenty in one request. What is asked for in the same turn of the event loop goes together. Each is answered
 * as if it had been sent by itself: those that a busy service refuses within a batch are sent again, after the longest of the times
 * that it asks for.
 */
export class GraphBatch {
  private waiting: Waiting[] = [];
  private isScheduled = false;

  constructor(
    private readonly transport: BatchTransport,
    private readonly clock: OperationClock,
    private readonly note: (line: string) => void,
  ) {}

  /** @param path after the version, such as `/applications` */
  get(path: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ path, resolve, reject });
      if (this.isScheduled) return;
      this.isScheduled = true;
      setImmediate(() => {
        this.isScheduled = false;
        this.sendWaiting();
      });
    });
  }

  private sendWaiting(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let start = 0; start < all.length; start += requestsInBatch) {
      const requests = all.slice(start, start + requestsInBatch);
      this.send(requests).catch((error: unknown) => {
        for (const { reject } of requests) reject(error);
      });
    }
  }

  private async send(all: readonly Waiting[]): Promise<void> {
    let left = all;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const [first] = left;
      if (first && all.length === 1) {
        first.resolve(await this.transport.one(first.path));
        return;
      }
      const answers = await this.sendOnce(left);
      const busy = left.filter((_request, index) => {
        const status = answers[index]?.status ?? 0;
        return attempt < retryAttempts && isTransient(status);
      });
      left.forEach((request, index) => {
        const answer = answers[index];
        if (answer && !busy.includes(request)) request.resolve(answer);
      });
      if (busy.length > 0)
        await this.wait(
          answers.filter(({ status }) => isTransient(status)),
          attempt,
        );
      left = busy;
    }
  }

  private async wait(busy: readonly HttpAnswer[], attempt: number): Promise<void> {
    const seconds = Math.max(...busy.map((answer) => retryWait(answer, this.clock, attempt)));
    if (busy.some(({ status }) => status === 429)) {
      this.note(`The service is throttling requests; waiting ${seconds} s`);
    }
    await this.clock.sleep(seconds * 1000);
  }

  /** The answers in the order of the requests. An answer that is missing counts as that of a busy service. */
  private async sendOnce(requests: readonly Waiting[]): Promise<readonly HttpAnswer[]> {
    const answer = await this.transport.batch(
      JSON.stringify({
        requests: requests.map(({ path }, index) => ({ id: String(index + 1), method: "GET", url: path })),
      }),
    );
    const read = answer.status === 200 ? batchAnswer.safeParse(parsedJson(answer.body)) : undefined;
    // A cloud, or a proxy, that does not know batches: each by itself.
    if (read?.success !== true) {
      return isTransient(answer.status) || answer.status === 401 || answer.status === 403
        ? requests.map(() => answer)
        : Promise.all(requests.map(({ path }) => this.transport.one(path)));
    }
    const byId = new Map(read.data.responses.map((one) => [one.id, one] as const));
    return requests.map((_request, index): HttpAnswer => {
      const one = byId.get(String(index + 1));
      if (one === undefined) return { status: 504, headers: {}, body: "" };
      const headers = Object.entries(one.headers ?? {}).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ]);
      return {
        status: one.status,
        headers: Object.fromEntries(headers) as Readonly<Record<string, string>>,
        body: JSON.stringify(one.body ?? null),
      };
    });
  }
}
