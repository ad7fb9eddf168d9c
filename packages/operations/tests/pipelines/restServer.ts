import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request of a REST API. */
export interface RestRequest {
  readonly method: string;
  /** Without the query, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly contentType: string;
  /** Parsed JSON; undefined of an empty body. */
  readonly body: unknown;
}

/** What is answered. */
export interface RestAnswer {
  readonly status?: number;
  readonly json?: unknown;
}

/** A REST API on loopback. A handler that throws answers 400 with its message, as a request that the real service would refuse. */
export class RestServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(handle: (request: RestRequest) => RestAnswer): Promise<RestServer> {
    const server = createServer((incoming, outgoing) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      incoming.on("end", () => {
        const { pathname, searchParams } = new URL(incoming.url ?? "", "http://localhost");
        let answer: RestAnswer;
        try {
          answer = handle({
            method: incoming.method ?? "",
            path: decodeURIComponent(pathname),
            query: searchParams,
            authorization: incoming.headers.authorization ?? "",
            contentType: incoming.headers["content-type"] ?? "",
            body: text === "" ? undefined : JSON.parse(text),
          });
        } catch (error) {
          answer = { status: 400, json: { message: error instanceof Error ? error.message : String(error) } };
        }
        outgoing.writeHead(answer.status ?? 200, { "content-type": "application/json" });
        outgoing.end(answer.json === undefined ? "" : JSON.stringify(answer.json));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new RestServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
