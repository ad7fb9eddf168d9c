import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request, type RequestOptions } from "node:https";

type Step = string | number;

/** An HTTP answer, with its body as text and, where it is JSON, as a value. */
export class TestAnswer {
  readonly json: unknown;

  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly body: string,
  ) {
    const isJson = headers["content-type"]?.includes("json") === true && body !== "";
    this.json = isJson ? (JSON.parse(body) as unknown) : undefined;
  }

  /** The value at a path into the JSON body; undefined when there is none. */
  at(...path: Step[]): unknown {
    return path.reduce<unknown>(
      (value, step) =>
        value !== null && typeof value === "object" ? (value as Record<Step, unknown>)[step] : undefined,
      this.json,
    );
  }

  /** The text at a path into the JSON body. */
  textAt(...path: Step[]): string {
    const value = this.at(...path);
    assert.equal(typeof value, "string", `no text at ${path.join(".")} of ${this.body}`);
    return value as string;
  }

  /** The list at a path into the JSON body. */
  listAt(...path: Step[]): readonly unknown[] {
    const value = this.at(...path);
    assert.ok(Array.isArray(value), `no list at ${path.join(".")} of ${this.body}`);
    return value;
  }

  /** Asserts the status, showing the body when it differs. */
  expect(status: number): this {
    assert.equal(this.status, status, this.body);
    return this;
  }

  /** Asserts status, error code and the whole message of a Graph, ARM or Key Vault error. */
  expectError(status: number, code: string, message: string | RegExp): this {
    this.expect(status);
    assert.equal(this.at("error", "code"), code, this.body);
    if (typeof message === "string") assert.equal(this.at("error", "message"), message);
    else assert.match(this.textAt("error", "message"), message);
    return this;
  }
}

/** What a test sends beyond method and address; at most one kind of body. */
export interface TestRequest {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly bytes?: Buffer;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request, trusting the authority in `caFile` only. Rejects when the connection fails. */
export function send(
  url: string,
  caFile: string,
  method: string,
  options: TestRequest = {},
): Promise<TestAnswer> {
  const body = bodyOf(options);
  const type = options.form !== undefined ? "application/x-www-form-urlencoded" : "application/json";
  const outgoing: RequestOptions = {
    method,
    ca: readFileSync(caFile),
    agent: false,
    // the certificate is checked against the address that is called, whatever host the request says it is for
    ...(options.headers?.host === undefined ? {} : { servername: "localhost" }),
    headers: {
      ...(body === undefined ? {} : { "content-type": type, "content-length": String(body.length) }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, outgoing, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("error", reject);
      incoming.on("end", () => {
        resolve(
          new TestAnswer(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(parts).toString("utf8")),
        );
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function bodyOf(options: TestRequest): Buffer | undefined {
  if (options.bytes !== undefined) return options.bytes;
  if (options.form !== undefined) return Buffer.from(new URLSearchParams(options.form).toString());
  return options.json === undefined ? undefined : Buffer.from(JSON.stringify(options.json));
}
