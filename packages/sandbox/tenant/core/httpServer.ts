import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AddressInfo } from "node:net";
import type { Clock } from "./clock";
import type { Answer, Call } from "./exchange";
import type { IdSource } from "./ids";
import type { TlsMaterial } from "./tlsMaterial";

/** An HTTPS server on loopback that hands every request to one function. */
export interface HttpServer {
  readonly port: number;
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
  readonly ids: IdSource;
  readonly answer: (call: Call) => Promise<Answer>;
}

/** Largest request body in bytes. */
const bodyLimit = 64 * 1024 * 1024;

/** How long requests under way have to end when the server stops, in milliseconds. */
const patience = 5_000;

/** No route has a schema, so the compilers, which are slow to load, are replaced by ones that are never called. */
const noSchemas = { buildValidator: neverCalled, buildSerializer: neverCalled };

function neverCalled(): never {
  throw new Error("the server has no schemas");
}

export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  const app = fastify({
    https: { key: options.tls.key, cert: options.tls.certificate, minVersion: "TLSv1.2" },
    logger: false,
    bodyLimit,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: noSchemas },
  }) as unknown as FastifyInstance;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  let url = "";
  app.all("*", async (request, reply) => {
    const answer = await options.answer(toCall(request, url, options));
    return send(reply, answer);
  });
  app.setNotFoundHandler(async (request, reply) =>
    send(reply, await options.answer(toCall(request, url, options))),
  );
  await app.listen({ host: "127.0.0.1", port: options.port });
  const { port } = app.server.address() as AddressInfo;
  url = `https://127.0.0.1:${String(port)}`;
  return {
    port,
    url,
    async close() {
      const hurry = setTimeout(() => {
        app.server.closeAllConnections();
      }, patience);
      await app.close();
      clearTimeout(hurry);
    },
  };
}

function toCall(request: FastifyRequest, base: string, options: HttpServerOptions): Call {
  const requestId = options.ids.guid();
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const question = request.url.indexOf("?");
  return {
    requestId,
    clientRequestId: headers["client-request-id"] ?? requestId,
    method: request.method,
    url: request.url,
    path: (question < 0 ? request.url : request.url.slice(0, question)).replace(/\/{2,}/g, "/"),
    query: new URLSearchParams(question < 0 ? "" : request.url.slice(question + 1)),
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    base,
    now: options.clock.now(),
  };
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.cut === true) {
    void reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  }
  void reply.code(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) void reply.header(name, value);
  if (answer.bytes !== undefined) return reply.send(answer.bytes);
  if (answer.json === undefined) return reply.send();
  if (reply.getHeader("content-type") === undefined)
    void reply.header("content-type", "application/json; charset=utf-8");
  return reply.serializer((body: string) => body).send(JSON.stringify(answer.json));
}
