import { HttpClient, type HttpMethod } from "../standIn/http/httpClient";
import { controlTenant } from "../tenant/connect";
import type { Tenant } from "../tenant/tenant";
import { SandboxError } from "../runner/sandboxError";

/** The tenant's administrator at the portal: acts through the same requests as everybody, with an administrator's rights. */
export class Administrator {
  private constructor(
    private readonly tenant: Tenant,
    private readonly tokens: Readonly<Record<"graph" | "arm", string>>,
    private readonly http: HttpClient,
  ) {}

  /**
   * Signs the administrator in to Microsoft Graph and to Azure Resource Manager.
   *
   * @param folder folder of a tenant that is running.
   */
  static async signIn(tenant: Tenant, folder: string): Promise<Administrator> {
    const [graph, arm] = await Promise.all([token(folder, "graph"), token(folder, "arm")]);
    return new Administrator(tenant, { graph, arm }, new HttpClient(tenant.caFile));
  }

  /**
   * Sends a request to Microsoft Graph v1.0.
   *
   * @param path after `/v1.0/`, encoded.
   * @returns the answer's body; undefined when it has none, or when what is asked for does not exist.
   * @throws SandboxError with Graph's own message when it refuses.
   */
  async graph(method: HttpMethod, path: string, body?: unknown): Promise<unknown> {
    return this.send(method, `/v1.0/${path}`, this.tokens.graph, body);
  }

  /**
   * Sends a request to Azure Resource Manager.
   *
   * @param id resource id, from `/subscriptions/` on.
   * @throws SandboxError with Azure's own message when it refuses.
   */
  async azure(method: HttpMethod, id: string, body?: unknown): Promise<unknown> {
    return this.send(method, `${id}?api-version=2022-04-01`, this.tokens.arm, body);
  }

  /** Closes the connections. */
  signOut(): void {
    this.http.close();
  }

  private async send(method: HttpMethod, path: string, bearer: string, body: unknown): Promise<unknown> {
    const response = await this.http.send(
      {
        method,
        url: `${this.tenant.url}${path}`,
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      AbortSignal.timeout(30_000),
    );
    if (response.status === 404 && method === "GET") {
      return undefined;
    }
    if (response.status >= 400) {
      throw new SandboxError(
        `The sandbox tenant refused it (${response.status}): ${refusalMessage(response.body)}`,
      );
    }
    return response.body === "" ? undefined : (JSON.parse(response.body) as unknown);
  }
}

async function token(folder: string, resource: "graph" | "arm"): Promise<string> {
  const { json } = await controlTenant(folder, "POST", "token", { resource });
  const issued =
    json !== null && typeof json === "object" && "access_token" in json ? json.access_token : undefined;
  if (typeof issued !== "string") {
    throw new SandboxError("The sandbox tenant did not sign its administrator in.");
  }
  return issued;
}

function refusalMessage(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } };
    return typeof error?.message === "string" ? error.message : body;
  } catch {
    return body;
  }
}
