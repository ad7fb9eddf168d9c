import { setTimeout as delay } from "node:timers/promises";
import type { Answer, IncomingRequest, Input } from "./request";
import { faultRefusal, type FaultEffect, type Faults } from "./faults";
import type { Surface } from "./operation";
import { Refusal, statusOfKind } from "./refusal";
import { TenantError } from "./tenantError";
import type { LoggedRequest, RequestLog } from "./requestLog";
import { Router } from "./router";

/** Where operations read and write. */
export interface Transactions<State> {
  /** The committed state; nothing can be changed in it. */
  read(): State;
  /** Runs alone on a draft; what it changed is durable when the promise resolves, and gone when it rejects. */
  write<T>(work: (state: State) => Promise<T>): Promise<T>;
}

interface Trace {
  operation: string | null;
  caller: string | null;
  reason: string | null;
  conceals: readonly string[];
  hidesAnswer: boolean;
  fault: string | null;
  cut: boolean;
}

/** Takes a request through router, authorization and handler to an answer, and writes the log. */
export class Dispatcher<State> {
  private readonly router: Router<State>;

  constructor(
    private readonly surfaces: readonly [Surface<State>, ...Surface<State>[]],
    private readonly transactions: Transactions<State>,
    private readonly log: RequestLog,
    private readonly faults: Faults,
  ) {
    this.router = new Router(surfaces);
  }

  async answer(request: IncomingRequest): Promise<Answer> {
    const trace: Trace = {
      operation: null,
      caller: null,
      reason: null,
      conceals: [],
      hidesAnswer: false,
      fault: null,
      cut: false,
    };
    const answer = await this.handle(request, trace);
    const { conceals, hidesAnswer, cut, ...known } = trace;
    const entry: LoggedRequest = {
      at: request.now.toISOString(),
      method: request.method,
      url: request.url,
      // What no operation takes may be secret in any part.
      body: known.operation === null ? null : readableBody(request),
      status: answer.status,
      response: hidesAnswer ? null : (answer.json ?? answer.bytes?.toString("utf8") ?? null),
      requestId: request.requestId,
      ...known,
    };
    this.log.add(entry, conceals);
    return cut ? { ...answer, cut: true } : answer;
  }

  private async perform(effect: "read" | "write", run: (state: State) => Promise<Answer>): Promise<Answer> {
    return effect === "write" ? this.transactions.write(run) : run(this.transactions.read());
  }

  private async handle(request: IncomingRequest, trace: Trace): Promise<Answer> {
    let surface = this.surfaces.find((candidate) => candidate.owns(request.path)) ?? this.surfaces[0];
    try {
      const route = this.router.find(request.method, request.path);
      surface = route.surface;
      trace.operation = route.operation.id;
      trace.conceals = route.operation.conceals;
      trace.hidesAnswer = route.operation.hidesAnswer;
      const input: Input = {
        ...request,
        operation: route.operation.id,
        version: route.version,
        params: route.params,
      };
      const run = (state: State): Promise<Answer> =>
        route.operation.run(state, input, (label) => {
          trace.caller = label;
        });
      const fault = this.faults.take(route.operation.id, route.version, request.path);
      if (fault === undefined) return await this.perform(route.operation.effect, run);
      trace.fault = `${fault.effect.kind} (fault ${String(fault.id)})`;
      trace.cut = fault.effect.kind === "cut";
      return await withFault(fault.effect, () => this.perform(route.operation.effect, run));
    } catch (error) {
      const refusal = refusalOf(error);
      trace.reason = refusal.data.why ?? refusal.data.message;
      const answer = surface.render(refusal, request);
      return {
        ...answer,
        status: statusOfKind[refusal.data.kind],
        headers: { ...answer.headers, ...refusal.data.headers },
      };
    }
  }
}

/** Lets a fault take the place of an operation, or come after it. */
async function withFault(effect: FaultEffect, perform: () => Promise<Answer>): Promise<Answer> {
  if (effect.kind === "slow") {
    await delay(effect.milliseconds);
    return perform();
  }
  const answer = effect.when === "after" ? await perform() : undefined;
  if (effect.kind === "cut" && answer !== undefined) return answer;
  throw faultRefusal(effect);
}

/**
 * A state that cannot be written, as on a full disk, is refused in a way that no client tries again: 5xx would be repeated for
 * minutes, although only the sandbox's owner can help.
 */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return error instanceof TenantError
    ? new Refusal({
        kind: "forbidden",
        code: "SandboxStateNotWritten",
        message: `${error.message} Nothing was changed.`,
      })
    : unexpected(error);
}

function unexpected(error: unknown): Refusal {
  return new Refusal({
    kind: "internal",
    message: "The sandbox tenant failed while handling the request.",
    why: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}

function readableBody(request: IncomingRequest): unknown {
  if (request.body.length === 0) return null;
  const type = request.headers["content-type"] ?? "";
  const text = request.body.toString("utf8");
  if (type.includes("x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  if (type.startsWith("multipart/"))
    return `<${String(request.body.length)} bytes of ${type.split(";")[0] ?? type}>`;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
