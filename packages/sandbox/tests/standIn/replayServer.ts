import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tlsMaterial } from "../../tenant/core/tlsMaterial";
import { recordedCaller, type RecordedRequest } from "./recording";

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** What a test has the server answer to the next request. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Expectation = Pick<RecordedRequest, "method" | "url" | "body" | "status" | "response"> & {
  readonly responseHeaders?: Readonly<Record<string, string>>;
};

/** The name by which a new object is first renamed is random. */
function withoutRandomNames(text: string): string {
  return text.replace(/TERRAFORM_UPDATE_[0-9a-f-]{36}/g, "TERRAFORM_UPDATE_");
}

/** A token that says who deployed; nobody checks its signature. */
export function accessToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
}

const callersToken = accessToken({
  tid: recordedCaller.tenantId,
  oid: recordedCaller.objectId,
  appid: recordedCaller.clientId,
});

/**
 * Answers exactly the requests it was told to expect, in their order, with the recorded answers. Everything
 * else gets status 400 and fails the next {@link verify}.
 */
export class ReplayServer {
  private readonly expected: Expectation[] = [];
  private readonly deviations: string[] = [];
  readonly received: ReceivedRequest[] = [];
  /** What `<secretText>` of the recordings stands for: different in every run. */
  readonly secretText = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    readonly caFile: string,
  ) {}

  static async start(): Promise<ReplayServer> {
    const folder = await mkdtemp(join(tmpdir(), "replay-"));
    const tls = await tlsMaterial(folder);
    const server = createServer({ key: tls.key, cert: tls.certificate });
    const replay = new ReplayServer(server, folder, tls.caFile);
    server.on("request", (request, response) => {
      void bodyOf(request).then((body) => {
        const { status, json, headers } = replay.answer(request, body);
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(json === undefined ? "" : JSON.stringify(json));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return replay;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `https://${this.host}`;
  }

  /** What a plugin has to be told to reach this server as the identity of the recordings. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ARM_METADATA_HOSTNAME: this.host,
      ARM_TENANT_ID: recordedCaller.tenantId,
      ARM_CLIENT_ID: recordedCaller.clientId,
      ARM_CLIENT_SECRET: recordedCaller.clientSecret,
      ARM_SUBSCRIPTION_ID: "22222222-0000-4000-8000-000000000000",
      SSL_CERT_FILE: this.caFile,
    };
  }

  /** Appends recorded requests to what is expected. */
  expect(...requests: readonly RecordedRequest[]): void {
    for (const request of requests) {
      this.expected.push(JSON.parse(this.filled(JSON.stringify(request))) as RecordedRequest);
    }
  }

  /** Appends one request with an answer of the test's own. */
  expectRequest(method: string, url: string, body: unknown, answer: Answer): void {
    this.expected.push({
      method,
      url,
      body,
      status: answer.status,
      response: answer.json,
      ...(answer.headers === undefined ? {} : { responseHeaders: answer.headers }),
    });
  }

  /** Fails unless all that was expected arrived, and nothing else. */
  verify(): void {
    assert.deepEqual(this.deviations, []);
    assert.deepEqual(
      this.expected.map(({ method, url }) => `${method} ${url}`),
      [],
      "these requests never arrived",
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true });
  }

  private filled(text: string): string {
    return text
      .replaceAll("{base}", this.url)
      .replaceAll("<jwt>", callersToken)
      .replaceAll("<secretText>", this.secretText);
  }

  private answer(request: IncomingMessage, text: string): Answer {
    const { method = "", url = "", headers } = request;
    const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
    const body: unknown =
      text === "" ? null : isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    this.received.push({ method, url, headers, body });
    const wanted = this.expected[0];
    // Order of properties included: it is the real provider's.
    const wantedText = wanted && describe(wanted.method, wanted.url, wanted.body);
    const receivedText = describe(method, url, body);
    if (wanted === undefined || wantedText !== receivedText) {
      this.deviations.push(`expected ${wantedText ?? "nothing"}\n     got ${receivedText}`);
      return { status: 400, json: { error: { code: "NotRecorded", message: receivedText } } };
    }
    this.expected.shift();
    return {
      status: wanted.status,
      json: wanted.response ?? undefined,
      headers: wanted.responseHeaders ?? {},
    };
  }
}

function describe(method: string, url: string, body: unknown): string {
  return withoutRandomNames(`${method} ${url} ${body === null ? "" : JSON.stringify(body)}`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
