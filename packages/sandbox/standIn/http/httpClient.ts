import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

export type HttpMethod = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface ProviderRequest {
  readonly method: HttpMethod;
  /** Absolute, http or https. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends single requests over kept-alive connections; trusts the CAs of one PEM file, or Node's own. */
export class HttpClient {
  private readonly plain = new http.Agent({ keepAlive: true });
  private readonly secure: https.Agent;

  /** @param caFile PEM file of the CAs to trust, as SSL_CERT_FILE names it for Go programs. */
  constructor(caFile: string | undefined) {
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
    this.secure = new https.Agent({ keepAlive: true, minVersion: "TLSv1.2", ...ca });
  }

  /** Resolves with whatever status is answered; rejects when there is no answer, or when aborted. */
  send(request: ProviderRequest, signal: AbortSignal): Promise<HttpResponse> {
    const target = new URL(request.url);
    const secure = target.protocol === "https:";
    const body = request.body === undefined ? undefined : Buffer.from(request.body);
    const headers = {
      ...request.headers,
      ...(body === undefined ? {} : { "Content-Length": String(body.byteLength) }),
    };
    return new Promise((resolve, reject) => {
      const options = { method: request.method, headers, signal, agent: secure ? this.secure : this.plain };
      const outgoing = (secure ? https : http).request(target, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            statusText: incoming.statusMessage ?? "",
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Closes all connections. */
  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}
