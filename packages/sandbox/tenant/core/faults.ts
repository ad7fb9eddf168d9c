import type { RefusalDetail, RefusalKind } from "./refusal";
import { Refusal, statusOfKind } from "./refusal";

/** What an injected fault does to the request it hits. */
export type FaultEffect =
  /** The object is not replicated yet: 404, in the surface's words for an unknown object. */
  | { readonly kind: "lag" }
  /** 409, as when two changes of one object meet. */
  | { readonly kind: "conflict" }
  /** 429; `retryAfter` in seconds. */
  | { readonly kind: "throttled"; readonly retryAfter: number }
  /** 500 or 503, instead of the operation or after its change is durable. */
  | { readonly kind: "error"; readonly status: 500 | 503; readonly when: "before" | "after" }
  /** Any refusal, for texts that belong to one operation only. */
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly details: readonly RefusalDetail[];
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
  private readonly queue: { request: FaultRequest; id: number; skipped: number; hits: number }[] = [];
  private lastId = 0;

  add(request: FaultRequest): QueuedFault {
    this.lastId += 1;
    this.queue.push({ request, id: this.lastId, skipped: 0, hits: 0 });
    return describe(this.queue.slice(-1))[0] as QueuedFault;
  }

  clear(): void {
    this.queue.length = 0;
  }

  all(): readonly QueuedFault[] {
    return describe(this.queue);
  }

  /** The fault that hits a request, counted; undefined when none does. */
  take(operation: string, version: string, path: string): QueuedFault | undefined {
    for (const entry of this.queue) {
      const { request } = entry;
      const fits =
        request.operation === operation &&
        (request.version === null || request.version === version) &&
        (request.pathContains === null || path.includes(request.pathContains)) &&
        entry.hits < request.times;
      if (!fits) continue;
      if (entry.skipped < request.skip) {
        entry.skipped += 1;
        continue;
      }
      entry.hits += 1;
      return describe([entry])[0];
    }
    return undefined;
  }
}

function describe(
  entries: readonly { request: FaultRequest; id: number; skipped: number; hits: number }[],
): readonly QueuedFault[] {
  return entries.map(({ request, id, skipped, hits }) => ({
    ...request,
    id,
    skipped,
    hits,
    completed: hits === request.times,
  }));
}

/** The refusal with which an effect answers; for a cut connection, the one that is held back. */
export function faultRefusal(effect: Exclude<FaultEffect, { readonly kind: "slow" }>): Refusal {
  const why = "injected fault";
  switch (effect.kind) {
    case "lag":
      return new Refusal({ kind: "notFound", message: "The object does not exist.", why });
    case "conflict":
      return new Refusal({
        kind: "conflict",
        message: "The request conflicts with another change of the object.",
        why,
      });
    case "throttled":
      return new Refusal({
        kind: "throttled",
        message: "Too many requests.",
        headers: { "retry-after": String(effect.retryAfter) },
        why,
      });
    case "error":
      return effect.status === 500
        ? new Refusal({ kind: "internal", message: "An internal server error occurred.", why })
        : new Refusal({ kind: "unavailable", message: "The service is temporarily unavailable.", why });
    case "cut":
      return new Refusal({ kind: "unavailable", message: "The connection was cut.", why });
    case "refuse":
      return new Refusal({
        kind: kindOfStatus(effect.status),
        code: effect.code,
        message: effect.message,
        ...(effect.details.length > 0 ? { details: effect.details } : {}),
        why,
      });
  }
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
