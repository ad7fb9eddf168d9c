import type { Gap } from "../cloud/coverage";

/** Something that the next update would be refused for. */
export interface Obstacle {
  /** Stable name of the kind. */
  readonly kind:
    | "credential-forbidden"
    | "credential-too-long"
    | "directory-full"
    | "exists-already"
    | "identity-mismatch"
    | "missing-right"
    | "name-taken"
    | "owner-missing"
    | "quota-used-up"
    | "scope-missing"
    | "vault-elsewhere"
    | "vault-missing"
    | "vault-secret-deleted";
  /** The client that it is about; null when about all. */
  readonly client: string | null;
  /** Where it is configured, or what it is about, such as `clients.imaging-gateway.secret`. */
  readonly path: string;
  readonly detail: string;
  /** What to do about it, with commands indented. */
  readonly cure: readonly string[];
}

/** Something that could not be found out. */
export interface Unread {
  readonly what: string;
  /** What would make it known. */
  readonly cure: string;
}

/** What preflight says of the next update; the JSON has exactly this form. */
export interface PreflightReport {
  /** Version of this form; it is raised when something is taken away or changes its meaning. */
  readonly version: 1;
  readonly stack: string;
  /** Object id of the identity that was judged. */
  readonly identity: string;
  readonly verdict: "clear" | "obstacles" | "incomplete";
  /** Clients that the next update changes. */
  readonly changing: readonly string[];
  readonly obstacles: readonly Obstacle[];
  readonly unread: readonly Unread[];
  /** What does not hinder the next update, but a later one, or could not be proved to the end. */
  readonly notes: readonly string[];
}

/** A gap in the reading, as preflight says it. */
export function unreadOf({ said, unknown, missingRight, client }: Gap): Unread {
  return {
    what: `${said} (needed ${unknown}${client === null ? "" : `, client ${client}`})`,
    cure: missingRight === null ? "Try again." : `You need ${missingRight}.`,
  };
}
