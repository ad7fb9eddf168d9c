/** Why no answer came. */
export type TransportCause = "host-not-found" | "refused" | "tls" | "proxy" | "timeout" | "dropped";

/** No answer came to a request. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";

  private constructor(
    readonly kind: TransportCause,
    /** Host and port that the request was for. */
    readonly host: string,
    /** In one sentence what to do about it. */
    readonly cure: string,
    error: Error,
  ) {
    super(`${explanations[kind].says(host)} (${error.message})`, { cause: error });
  }

  /** Tells by Node's error code what has happened. */
  static of(error: Error, host: string): TransportFailure {
    const kind = causeOf("code" in error ? String(error.code) : "", error.message);
    return new TransportFailure(kind, host, explanations[kind].cure, error);
  }

  /** Whether trying again may help. */
  get isTransient(): boolean {
    return this.kind === "timeout" || this.kind === "dropped";
  }
}

const explanations: Readonly<
  Record<TransportCause, { readonly says: (host: string) => string; readonly cure: string }>
> = {
  "host-not-found": {
    says: (host) => `There is no host ${host}.`,
    cure: "Check the name for a mistake, and DNS: a service with a private endpoint resolves only inside its own network.",
  },
  refused: {
    says: (host) => `${host} cannot be reached.`,
    cure: "Check the network, the firewall, and whether the service allows access from this network.",
  },
  tls: {
    says: (host) => `No TLS connection to ${host} can be established.`,
    cure: "If a proxy inspects TLS traffic, add its certificate authority to SSL_CERT_FILE; otherwise check the clock and the address.",
  },
  proxy: {
    says: (host) => `The proxy blocks ${host}.`,
    cure: "Check HTTPS_PROXY and NO_PROXY, and have the proxy allow the host.",
  },
  timeout: {
    says: (host) => `${host} does not respond.`,
    cure: "Try again later; check the network and the firewall.",
  },
  dropped: {
    says: (host) => `${host} closes the connection without a response.`,
    cure: "Try again later; if it persists, something in between, such as a firewall, blocks the request.",
  },
};

function causeOf(code: string, message: string): TransportCause {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "host-not-found";
  if (code === "ERR_PROXY_TUNNEL" || code.startsWith("ERR_PROXY")) return "proxy";
  if (["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EACCES"].includes(code)) return "refused";
  if (code === "ETIMEDOUT") return "timeout";
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_|EPROTO)/.test(code)) return "tls";
  return /certificate/i.test(message) ? "tls" : "dropped";
}
