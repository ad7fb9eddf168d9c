import type { RefusalDetail, RefusalKind } from "./refusal";
import { Refusal, statusOfKind } from "./refusal";

/** What an injected fault does to the request it hits. */
export type FaultEffect =
  /** An error is answered, instead of the operation or after its change is durable. */
  | {
      readonly kind: "refuse";
      readonly status: number;
      /** Default: what the surface says of the status. */
      readonly code?: string | null;
      readonly message?: string | null;
      readonly details?: readonly RefusalDetail[];
      /** Seconds after which the client is to try again. */
      readonly retryAfter?: number | null;
      /** Default: before. */
      readonly when?: "before" | "after";
    }
  /** The answer comes late. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** The connection is cut without an answer. */
  | { readonly kind: "cut"; readonly when: "before" | "after" };

/** A fault as it is asked for. */
export interface FaultRequest {
  /** Id of the operation to hit. */
  readonly operation: string;
  /** Hit only this version of the API. */
  readonly version: string | null;
  /** Hit only requests whose path contains this text, for example an object id. */
  readonly pathContains: string | null;
  /** How many requests to let through first. */
  readonly skip: number;
  /** How many requests to hit. */
  readonly times: number;
  readonly effect: FaultEffect;
}

/** A fault in the queue. */
export interface QueuedFault extends FaultRequest {
  readonly id: number;
  readonly skipped: number;
  readonly hits: number;
  /** Whether it has hit as often as it was to. */
  readonly completed: boolean;
}

/** Faults in the order in which they were queued; the first that fits a request is used up by it. */
export class Faults {
  private queue: QueuedFault[] = [];
  private lastId = 0;

  add(request: FaultRequest): QueuedFault {
    this.lastId += 1;
    const fault = { ...request, id: this.lastId, skipped: 0, hits: 0, completed: false };
    this.queue.push(fault);
    return fault;
  }

  clear(): void {
    this.queue = [];
  }

  all(): readonly QueuedFault[] {
    return [...this.queue];
  }

  /** The fault that hits a request, counted; undefined when none does. */
  take(operation: string, version: string, path: string): QueuedFault | undefined {
    for (const [index, fault] of this.queue.entries()) {
      const fits =
        !fault.completed &&
        fault.operation === operation &&
        (fault.version === null || fault.version === version) &&
        (fault.pathContains === null || path.includes(fault.pathContains));
      if (!fits) continue;
      if (fault.skipped < fault.skip) {
        this.queue[index] = { ...fault, skipped: fault.skipped + 1 };
        continue;
      }
      const hits = fault.hits + 1;
      const taken = { ...fault, hits, completed: hits === fault.times };
      this.queue[index] = taken;
      return taken;
    }
    return undefined;
  }
}

/** The refusal with which an effect answers; for a cut connection, the one that is held back. */
export function faultRefusal(effect: Exclude<FaultEffect, { readonly kind: "slow" }>): Refusal {
  const why = "injected fault";
  if (effect.kind === "cut") {
    return new Refusal({ kind: "unavailable", message: "The connection was cut.", why });
  }
  const { status, code, message, details = [], retryAfter } = effect;
  return new Refusal({
    kind: kindOfStatus(status),
    message: message ?? "The request is refused by an injected fault.",
    ...(typeof code === "string" ? { code } : {}),
    ...(details.length > 0 ? { details } : {}),
    ...(typeof retryAfter === "number" ? { headers: { "retry-after": String(retryAfter) } } : {}),
    why,
  });
}

/** Whether a refusal may have this status. */
export function isRefusalStatus(status: number): boolean {
  return Object.values(statusOfKind).includes(status);
}

function kindOfStatus(status: number): RefusalKind {
  const kind = (Object.keys(statusOfKind) as RefusalKind[]).find(
    (candidate) => statusOfKind[candidate] === status,
  );
  if (kind === undefined) throw new Error(`no refusal has status ${String(status)}`);
  return kind;
}
