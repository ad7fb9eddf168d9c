import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Clock } from "./clock";
import { type Answer, type IncomingRequest, requestTarget } from "./request";
import type { TlsMaterial } from "./tlsMaterial";

/** An HTTPS server on loopback that hands every request to one function. */
export interface HttpServer {
  /** Origin without a trailing slash. */
  readonly url: string;
  /** Stops accepting, lets what is under way end within five seconds, and resolves once the port is closed. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly tls: TlsMaterial;
  /** 0 for any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly answer: (request: IncomingRequest) => Promise<Answer>;
}

/** Largest request body in bytes. */
const bodyLimit = 64 * 1024 * 1024;

/**
 * How long a connection may stay unused, in milliseconds: longer than any client keeps one for its next request, which would meet the end
 * of the connection otherwise. Source: https://nodejs.org/api/http.html#serverkeepalivetimeout (5 seconds by default).
 */
const keepAliveTimeout = 120_000;

/** How long requests under way have to end when the server stops, in milliseconds. */
const closeTimeout = 5_000;

export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  let url = "";
  const server = createServer(
    { key: options.tls.key, cert: options.tls.certificate, minVersion: "TLSv1.2", keepAliveTimeout },
    (request, response) => {
      readBody(request)
        .then(async (body) => {
          const call = toRequest(request, body, url, options);
          return { answer: await options.answer(call), now: call.now };
        })
        .then(
          ({ answer, now }) => send(response, answer, now),
          // A client that went away, or a body without an end: there is nobody to answer.
          () => request.socket.destroy(),
        );
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  url = `https://127.0.0.1:${String(port)}`;
  return {
    url,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const closer = setTimeout(() => server.closeAllConnections(), closeTimeout);
      await closed;
      clearTimeout(closer);
    },
  };
}

/** @throws when the body is longer than the limit, or is cut off. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) throw new RangeError("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toRequest(
  request: IncomingMessage,
  body: Buffer,
  base: string,
  options: HttpServerOptions,
): IncomingRequest {
  const requestId = randomUUID();
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    requestId,
    clientRequestId: headers["client-request-id"] ?? requestId,
    method: request.method ?? "GET",
    ...requestTarget(request.url ?? "/"),
    headers,
    body,
    base,
    now: options.clock.now(),
  };
}

/** @param now the tenant's time, which its answers are dated with */
function send(response: ServerResponse, answer: Answer, now: Date): void {
  if (answer.cut === true) {
    response.socket?.destroy();
    return;
  }
  response.statusCode = answer.status;
  response.setHeader("date", now.toUTCString());
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.bytes !== undefined) {
    response.end(answer.bytes);
    return;
  }
  if (answer.json !== undefined && !response.hasHeader("content-type")) {
    response.setHeader("content-type", "application/json; charset=utf-8");
  }
  response.end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
}
