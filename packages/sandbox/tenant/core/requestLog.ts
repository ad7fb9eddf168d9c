import { closeSync, openSync, writeSync } from "node:fs";
import { redact, redactText } from "./redaction";

/** One request, as the log keeps it. Credentials are masked before it is made. */
export interface LoggedRequest {
  /** Tenant time, ISO 8601 in UTC. */
  readonly at: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Null of a request without one, and of one that no operation takes. */
  readonly body: unknown;
  /** Of the answer; when a fault cut the connection, of the answer that was held back. */
  readonly status: number;
  readonly response: unknown;
  readonly requestId: string;
  /** Id of the operation, or null when none was found. */
  readonly operation: string | null;
  readonly caller: string | null;
  /** Why it was refused: the missing permission, or what was not understood. */
  readonly reason: string | null;
  /** The injected fault that hit this request. */
  readonly fault: string | null;
}

/** How many requests stay in memory. */
const limit = 5000;

/** Keeps the newest requests in memory and, when a file is given, appends each as one JSON line. */
export class RequestLog {
  private readonly kept: LoggedRequest[] = [];
  private descriptor: number | undefined;

  /** @param file absolute path; created for the owner only when it does not exist */
  constructor(file: string | undefined) {
    if (file !== undefined) this.descriptor = openSync(file, "a", 0o600);
  }

  /** @param conceals property names that this operation masks beyond the usual credentials */
  add(entry: LoggedRequest, conceals: readonly string[] = []): void {
    const masked: LoggedRequest = {
      ...entry,
      url: redactText(entry.url),
      body: redact(entry.body, conceals),
      response: redact(entry.response, conceals),
      reason: entry.reason === null ? null : redactText(entry.reason),
    };
    this.kept.push(Object.freeze(masked));
    if (this.kept.length > limit) this.kept.shift();
    if (this.descriptor !== undefined) writeSync(this.descriptor, `${JSON.stringify(masked)}\n`);
  }

  entries(): readonly LoggedRequest[] {
    return [...this.kept];
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
