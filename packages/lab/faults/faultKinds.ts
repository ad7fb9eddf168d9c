import type { FaultEffect } from "entra-sandbox";

/** One way in which a request goes wrong. */
export interface FaultKind {
  readonly name: string;
  /** What happens to the request, for people. */
  readonly what: string;
  /** How many requests it hits, from the first on. */
  readonly times: number;
  readonly effect: (operation: string) => FaultEffect;
}

/** Hits every request until the command ends. */
const always = 1_000_000;

/** Every fault of the sandbox tenant, and one that lasts. */
export const faultKinds: readonly FaultKind[] = [
  once("lag", "404: the object is not replicated yet", { kind: "lag" }),
  once("conflict", "409: another change is under way", { kind: "conflict" }),
  once("throttled", "429 with Retry-After", { kind: "throttled", retryAfter: 1 }),
  once("500-before", "500, nothing was done", { kind: "error", status: 500, when: "before" }),
  once("503-before", "503, nothing was done", { kind: "error", status: 503, when: "before" }),
  once("500-after", "500, although it was done", { kind: "error", status: 500, when: "after" }),
  once("503-after", "503, although it was done", { kind: "error", status: 503, when: "after" }),
  {
    name: "refused",
    what: "403, or 401 of the token endpoint",
    times: 1,
    effect: (operation) => ({
      kind: "refuse",
      ...(operation.startsWith("login.")
        ? { status: 401, code: "invalid_client", message: "AADSTS7000215: Invalid client secret provided." }
        : {
            status: 403,
            code: operation.startsWith("graph.") ? "Authorization_RequestDenied" : "AuthorizationFailed",
            message: "Insufficient privileges to complete the operation.",
          }),
      details: [],
    }),
  },
  once("slow", "the answer comes half a second late", { kind: "slow", milliseconds: 500 }),
  once("cut-before", "connection lost, nothing was done", { kind: "cut", when: "before" }),
  once("cut-after", "connection lost, although it was done", { kind: "cut", when: "after" }),
  {
    name: "outage",
    what: "503 on every try, until the command ends",
    times: always,
    effect: () => ({ kind: "error", status: 503, when: "before" }),
  },
];

function once(name: string, what: string, effect: FaultEffect): FaultKind {
  return { name, what, times: 1, effect: () => effect };
}
