import type { Answer, IncomingRequest, Input } from "./request";
import { notImplemented, type Refusal } from "./refusal";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One row of the operation table. The router, the authorization, the fault queue, the request log and the coverage test all
 * read these rows and nothing else.
 */
export interface Operation<State, Access, Caller> {
  /** Unique name, for example `graph.applications.create`. */
  readonly id: string;
  readonly method: Method;
  /** Path template: literal segments, `{name}` for one segment, `{name+}` for one or more. */
  readonly path: string;
  /** Values that `{version}` may take. Default: all that the surface has. */
  readonly versions?: readonly string[];
  /** What the caller must hold. A row without it stops the tenant from starting. */
  readonly access: Access;
  /** `write` runs alone, on a draft that is committed before the answer is sent. Default: `read` of GET, `write` of all others. */
  readonly effect?: "read" | "write";
  /** Options of the query that it reads, where its surface refuses others; `checked` where it refuses them itself. */
  readonly query?: readonly string[] | "checked";
  /** Names of properties whose values the log masks, beyond the usual credentials. */
  readonly conceals?: readonly string[];
  /** The log leaves the answer out, because it would repeat the log or hold nothing but credentials. */
  readonly hidesAnswer?: boolean;
  readonly handle: (state: State, input: Input, caller: Caller) => Answer | Promise<Answer>;
}

/** Decides whether a request may pass, and who calls. Throws a Refusal when it may not. */
export interface Authorization<State, Access, Caller> {
  admit(access: Access, state: State, input: Input): Caller | Promise<Caller>;
  /** The caller's name in the request log. */
  label(caller: Caller): string;
}

/** A row with its authorization, the form in which the dispatcher uses it; `versions` is empty when the path has none. */
export interface BoundOperation<State> extends Required<
  Omit<Operation<State, unknown, never>, "query" | "handle">
> {
  run(state: State, input: Input, onCaller: (label: string) => void): Promise<Answer>;
}

/** A protocol of the tenant: its rows, and its one error renderer. */
export interface Surface<State> {
  readonly name: string;
  readonly operations: readonly BoundOperation<State>[];
  /** Whether a path without an operation belongs to this surface, so that its renderer answers. */
  owns(path: string): boolean;
  render(refusal: Refusal, request: IncomingRequest): Answer;
}

/** What all rows of a surface have in common. */
interface SurfaceRows {
  /** Options of the query that every row takes; an option that a row does not read is refused then. Without it, rows check theirs. */
  readonly query?: readonly string[];
  /** Values that `{version}` may take. */
  readonly versions?: readonly string[];
}

/** Joins rows with the authorization of their surface. */
export function bindOperations<State, Access, Caller>(
  authorization: Authorization<State, Access, Caller>,
  operations: readonly Operation<State, Access, Caller>[],
  { query, versions = [] }: SurfaceRows = {},
): readonly BoundOperation<State>[] {
  return operations.map(({ handle, query: own = [], ...operation }) => ({
    versions: operation.path.includes("{version}") ? versions : [],
    effect: operation.method === "GET" ? "read" : "write",
    conceals: [],
    hidesAnswer: false,
    ...operation,
    async run(state, input, onCaller) {
      const caller = await authorization.admit(operation.access, state, input);
      onCaller(authorization.label(caller));
      if (query !== undefined && own !== "checked") refuseUnread(input, [...query, ...own]);
      return handle(state, input, caller);
    },
  }));
}

/** @throws Refusal when the query has an option beside these, naming it */
export function refuseUnread(input: Input, options: readonly string[]): void {
  const unknown = [...input.query.keys()].find((name) => !options.includes(name));
  if (unknown !== undefined) throw notImplemented(`the query option '${unknown}' of ${input.operation}`);
}
