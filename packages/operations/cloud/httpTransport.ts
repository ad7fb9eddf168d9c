import { readFileSync } from "node:fs";
import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { createSecureContext, rootCertificates } from "node:tls";
import { OperationError } from "../operationError";
import { TransportFailure } from "./transportFailure";

/** A request as it goes over the wire. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** An https address; plain http is for this machine only. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer as it came over the wire. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const silenceLimit = 60_000;
const loopback: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/**
 * HTTPS with the trust and the proxies that the environment names: `SSL_CERT_FILE`, as the providers read it, and
 * `NODE_EXTRA_CA_CERTS` add to the public authorities; `HTTPS_PROXY` and `NO_PROXY` count.
 */
export class HttpTransport {
  /** PEM texts of the authorities that are trusted; undefined for the public ones alone. */
  readonly authorities: readonly string[] | undefined;
  private readonly agent: Agent;
  private readonly plainAgent = new PlainAgent({ keepAlive: true });

  /** @param signal ends every request when it fires */
  constructor(
    env: NodeJS.ProcessEnv,
    private readonly signal?: AbortSignal,
  ) {
    this.authorities = authoritiesOf(env);
    this.agent = new Agent({
      keepAlive: true,
      proxyEnv: env,
      // One for all connections: each would otherwise read all the authorities again.
      ...(this.authorities === undefined
        ? {}
        : { secureContext: createSecureContext({ ca: [...this.authorities] }) }),
    });
  }

  /**
   * Sends one request; nothing is tried again.
   *
   * @throws TransportFailure when no answer came
   */
  send({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const { host, hostname, protocol } = new URL(url);
    const { signal } = this;
    const isPlain = protocol === "http:";
    if (isPlain && !loopback.includes(hostname)) {
      throw new OperationError(`${host} would be contacted without encryption.`, {
        cure: `Write https instead of http where the address ${protocol}//${host} comes from.`,
      });
    }
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(signal?.aborted ? error : TransportFailure.of(error, host));
      };
      const options = {
        method,
        headers,
        agent: isPlain ? this.plainAgent : this.agent,
        ...(signal === undefined ? {} : { signal }),
      };
      const outgoing = (isPlain ? plainRequest : request)(url, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", fail);
        incoming.on("end", () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
            ),
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
      });
      outgoing.setTimeout(silenceLimit, () => {
        outgoing.destroy(Object.assign(new Error("no answer within a minute"), { code: "ETIMEDOUT" }));
      });
      outgoing.on("error", fail);
      outgoing.end(body);
    });
  }

  /** Closes the connections that are kept open. */
  close(): void {
    this.agent.destroy();
    this.plainAgent.destroy();
  }
}

function authoritiesOf(env: NodeJS.ProcessEnv): readonly string[] | undefined {
  const files = new Set(
    [env["SSL_CERT_FILE"], env["NODE_EXTRA_CA_CERTS"]].filter((file): file is string => !!file),
  );
  if (files.size === 0) return undefined;
  return [
    ...rootCertificates,
    ...[...files].map((file) => {
      try {
        return readFileSync(file, "utf8");
      } catch (error) {
        throw new OperationError(`The certificate authorities in ${file} cannot be read.`, {
          cure: "Correct SSL_CERT_FILE or NODE_EXTRA_CA_CERTS, or remove it from the environment.",
          error,
        });
      }
    }),
  ];
}
