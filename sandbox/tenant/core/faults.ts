import type { RefusalDetail, RefusalKind } from "./refusal";
import { Refusal, statusOfKind } from "./refusal";

/** What an injected fault does to the request it hits. */
export type FaultEffect =
  /** The object is not replicated yet: 404 with the surface's text for an unknown object. */
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

/** The refusal with which an effect answers; undefined for effects that answer otherwise. */
export function faultRefusal(effect: FaultEffect, path: string): Refusal | undefined {
  switch (effect.kind) {
    case "lag": {
      const ids = path.split("/").filter((segment) => segment !== "$ref");
      return refusal("notFound", "Request_ResourceNotFound", lagText(ids.at(-1) ?? path));
    }
    case "conflict":
      return refusal(
        "conflict",
        "Directory_ConcurrencyViolation",
        "Unable to complete the request due to data concurrency violation.",
      );
    case "throttled":
      return new Refusal({
        kind: "throttled",
        code: "TooManyRequests",
        message: "Too many requests.",
        headers: { "retry-after": String(effect.retryAfter) },
        why: "injected fault",
      });
    case "error":
      return effect.status === 500
        ? refusal("internal", "InternalServerError", "An internal server error occurred.")
        : refusal("unavailable", "ServiceUnavailable", "The service is temporarily unavailable.");
    case "refuse":
      return new Refusal({
        kind: kindOfStatus(effect.status),
        code: effect.code,
        message: effect.message,
        ...(effect.details.length > 0 ? { details: effect.details } : {}),
        why: "injected fault",
      });
    case "slow":
    case "cut":
      return undefined;
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

function lagText(id: string): string {
  return `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
}

function refusal(kind: RefusalKind, code: string, message: string): Refusal {
  return new Refusal({ kind, code, message, why: "injected fault" });
}
