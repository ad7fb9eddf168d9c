import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import type { Tenant } from "entra-sandbox";

/** A place that a job runs at, as its token names it. */
export interface TokenSubject {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Gives jobs their tokens as GitHub and Azure DevOps do: to whoever shows the job's own request token, for the audience that is
 * asked for. The tokens are signed by the issuer that the sandbox tenant trusts, so its federation is checked for real.
 */
export class TokenIssuer {
  private readonly subjects = new Map<string, TokenSubject>();

  private constructor(
    private readonly server: Server,
    private readonly tenant: Tenant,
  ) {}

  static async start(tenant: Tenant): Promise<TokenIssuer> {
    const server = createServer();
    const issuer = new TokenIssuer(server, tenant);
    server.on("request", (incoming: IncomingMessage, outgoing) => {
      void issuer.answer(incoming).then(
        (answer) => outgoing.writeHead(answer === undefined ? 401 : 200).end(JSON.stringify(answer ?? {})),
        (error: unknown) => outgoing.writeHead(500).end(String(error)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return issuer;
  }

  /** What a job on GitHub with `id-token: write` finds in its environment. */
  forGithub(subject: TokenSubject): Record<string, string> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/github?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.requestToken(subject),
    };
  }

  /** What an AzureCLI task finds in its environment. The request token is the job's System.AccessToken. */
  forAzurePipelines(subject: TokenSubject): Record<string, string> {
    return { SYSTEM_OIDCREQUESTURI: `${this.url}/azure`, SYSTEM_ACCESSTOKEN: this.requestToken(subject) };
  }

  /** Whether a bearer token is one of a job's own. */
  isKnown(authorization: string): boolean {
    return this.subjects.has(authorization);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private requestToken(subject: TokenSubject): string {
    const token = randomUUID();
    this.subjects.set(`Bearer ${token}`, subject);
    return token;
  }

  private async answer({ method, url, headers }: IncomingMessage): Promise<object | undefined> {
    const asked = new URL(url ?? "", this.url);
    const subject = this.subjects.get(headers.authorization ?? "");
    if (subject === undefined) return undefined;
    const { json } = await this.tenant.control("POST", "assertion", {
      ...subject,
      audience: asked.searchParams.get("audience") ?? "",
    });
    const { assertion } = json as { readonly assertion: string };
    if (asked.pathname === "/github" && method === "GET") return { value: assertion };
    return asked.pathname === "/azure" && method === "POST" && asked.searchParams.has("serviceConnectionId")
      ? { oidcToken: assertion }
      : undefined;
  }
}
