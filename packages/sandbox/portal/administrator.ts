import type { GraphVersion } from "../graphVersion";
import { isMapping } from "../mapping";
import { HttpClient, type HttpMethod } from "../standIn/http/httpClient";
import { parseJsonObject, textIn } from "../standIn/http/jsonBody";
import type { ControlMethod } from "../tenant/controlClient";
import type { Tenant } from "../tenant/tenant";
import { SandboxError } from "../runner/sandboxError";

/** The tenant's administrator at the portal: acts through the same requests as everybody, with an administrator's rights. */
export class Administrator {
  private readonly http: HttpClient;

  /** @param tenant a tenant that is running. */
  constructor(private readonly tenant: Tenant) {
    this.http = new HttpClient(tenant.caFile);
  }

  /** Address that Microsoft Graph has in this tenant, without a slash at its end. */
  get graphUrl(): string {
    return this.tenant.url;
  }

  /**
   * Sends a request to Microsoft Graph.
   *
   * @param path after the version, encoded.
   * @returns the answer's body; undefined when it has none, or when what is asked for does not exist.
   * @throws SandboxError with Graph's own message when it refuses.
   */
  async graph(
    method: HttpMethod,
    path: string,
    body?: unknown,
    version: GraphVersion = "v1.0",
  ): Promise<unknown> {
    return this.send("graph", method, `/${version}/${path}`, body);
  }

  /**
   * Sends a request to Azure Resource Manager.
   *
   * @param id resource id, from `/subscriptions/` on.
   * @throws SandboxError with Azure's own message when it refuses.
   */
  async azure(
    method: HttpMethod,
    id: string,
    body?: unknown,
    version: string = "2022-04-01",
  ): Promise<unknown> {
    return this.send("arm", method, `${id}?api-version=${version}`, body);
  }

  /** Changes what is Microsoft's own in the tenant, for which there is no request of an administrator's. */
  async control(path: string, body: unknown): Promise<void> {
    await this.instruct("PUT", path, body);
  }

  /** Has the sandbox make something that nobody in the tenant could make, such as the token of a workload elsewhere. */
  make(path: string, body: unknown): Promise<unknown> {
    return this.instruct("POST", path, body);
  }

  /** What the tenant takes for now. */
  async now(): Promise<Date> {
    const { json } = await this.tenant.control("GET", "clock");
    return new Date((json as { readonly now: string }).now);
  }

  /** Closes the connections. */
  signOut(): void {
    this.http.close();
  }

  private async instruct(method: ControlMethod, path: string, body: unknown): Promise<unknown> {
    const { status, json } = await this.tenant.control(method, path, body);
    if (status >= 400) throw refused(status, JSON.stringify(json));
    return json;
  }

  private async send(
    service: "graph" | "arm",
    method: HttpMethod,
    path: string,
    body: unknown,
  ): Promise<unknown> {
    const response = await this.http.send(
      {
        method,
        url: `${this.tenant.url}${path}`,
        headers: { authorization: `Bearer ${await this.token(service)}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      AbortSignal.timeout(30_000),
    );
    if (response.status === 404 && method === "GET") {
      return undefined;
    }
    if (response.status >= 400) {
      throw refused(response.status, response.body);
    }
    return response.body === "" ? undefined : (JSON.parse(response.body) as unknown);
  }

  /** A new one for every request: the tenant's clock may have been moved past the life of the last. */
  private async token(resource: "graph" | "arm"): Promise<string> {
    const { json } = await this.tenant.control("POST", "token", { resource });
    const issued = isMapping(json) ? textIn(json["access_token"]) : "";
    if (issued !== "") return issued;
    throw new SandboxError("The sandbox tenant did not sign its administrator in.");
  }
}

function refused(status: number, body: string): SandboxError {
  const error = parseJsonObject(body)?.["error"];
  const message = isMapping(error) && typeof error["message"] === "string" ? error["message"] : body;
  return new SandboxError(`The sandbox tenant refused it (${status}): ${message}`);
}
