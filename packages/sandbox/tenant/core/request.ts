/** An HTTP request as the tenant sees it: no socket, no framework. */
export interface IncomingRequest {
  readonly requestId: string;
  /** Sent by the client as `client-request-id`; otherwise the request id. */
  readonly clientRequestId: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** Without the query; doubled slashes, which the Azure client libraries send before scopes, are one. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Origin under which the tenant is reached, without a trailing slash. */
  readonly base: string;
  /** Tenant time at which the request came in. */
  readonly now: Date;
}

/** The parts of an address that a request names. */
export function requestTarget(url: string): Pick<IncomingRequest, "url" | "path" | "query"> {
  const question = url.indexOf("?");
  return {
    url,
    path: (question < 0 ? url : url.slice(0, question)).replace(/\/{2,}/g, "/"),
    query: new URLSearchParams(question < 0 ? "" : url.slice(question + 1)),
  };
}

/** What a handler receives: the request, plus what the operation's path template captured. */
export interface Input extends IncomingRequest {
  readonly operation: string;
  /** The `{version}` of the path, empty for surfaces without versions. */
  readonly version: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What goes back. At most one of `json` and `bytes`. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Buffer;
  /** The connection is cut without an answer. */
  readonly cut?: true;
}

/** A captured path parameter; its absence is a mistake in the operation table. */
export function param(input: Input, name: string): string {
  const value = input.params[name];
  if (value === undefined) throw new Error(`operation ${input.operation} has no path parameter ${name}`);
  return value;
}
