/** What went wrong, independent of the surface that tells it. */
export type RefusalKind =
  | "badRequest"
  | "unauthenticated"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "throttled"
  | "internal"
  | "notImplemented"
  | "unavailable";

/** One entry of an error's `details`. */
export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** An error answer as data; each surface has one renderer that puts it into that surface's envelope. */
export interface RefusalData {
  readonly kind: RefusalKind;
  /** The surface's own error code, for example `Request_ResourceNotFound`; absent for the code that it usually has for the kind. */
  readonly code?: string;
  readonly message: string;
  readonly details?: readonly RefusalDetail[];
  /** Headers that this error adds, for example `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the request log only: what the caller lacked, or what was not understood. */
  readonly why?: string;
}

/** Thrown by handlers and domain rules; the edge turns it into an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly data: RefusalData) {
    super(data.message);
  }
}

/** Something that the real service can do and the tenant cannot; named, so that nobody mistakes it for an answer of the service. */
export function notImplemented(what: string): Refusal {
  return new Refusal({
    kind: "notImplemented",
    message: `The sandbox tenant does not implement ${what}.`,
    why: what,
  });
}

/** The HTTP status of each kind. */
export const statusOfKind: Readonly<Record<RefusalKind, number>> = {
  badRequest: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  throttled: 429,
  internal: 500,
  notImplemented: 501,
  unavailable: 503,
};

/** Codes for refusals that have none of their own; surfaces with other words for them override single ones. */
export const usualCodes: Readonly<Record<RefusalKind, string>> = {
  badRequest: "BadRequest",
  unauthenticated: "Unauthorized",
  forbidden: "Forbidden",
  notFound: "NotFound",
  conflict: "Conflict",
  throttled: "TooManyRequests",
  internal: "InternalServerError",
  notImplemented: "NotImplemented",
  unavailable: "ServiceUnavailable",
};
