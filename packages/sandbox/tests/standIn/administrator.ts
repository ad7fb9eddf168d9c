import { HttpClient, type HttpMethod } from "../../standIn/http/httpClient";
import {
  isJsonObject,
  objectsIn,
  parseJsonObject,
  textIn,
  type JsonObject,
} from "../../standIn/http/jsonBody";
import type { Tenant } from "../../tenant/tenant";
import { seed } from "../../tenant/seed";

const microsoftGraph = "00000003-0000-0000-c000-000000000000";

/** Somebody who changes the tenant behind the stack's back: the tenant's Global Administrator. */
export class Administrator {
  constructor(private readonly tenant: Tenant) {}

  /** Sends a request to Graph (`/v1.0/…`) or to Resource Manager (`/subscriptions/…`). */
  async request(method: HttpMethod, path: string, body?: unknown): Promise<JsonObject> {
    const resource = path.startsWith("/subscriptions") ? "arm" : "graph";
    const { json } = await this.tenant.control("POST", "token", { resource });
    const token = isJsonObject(json) ? textIn(json["access_token"]) : "";
    const client = new HttpClient(this.tenant.caFile);
    try {
      const response = await client.send(
        {
          method,
          url: `${this.tenant.url}${path}`,
          headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        AbortSignal.timeout(10_000),
      );
      if (response.status > 299) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
      return parseJsonObject(response.body) ?? {};
    } finally {
      client.close();
    }
  }

  /** Gives the deploying identity an application permission of Microsoft Graph, by its name. */
  async permitPipeline(permission: string): Promise<void> {
    const { value } = await this.request(
      "GET",
      `/v1.0/servicePrincipals?$filter=appId eq '${microsoftGraph}'`,
    );
    const [graph = {}] = objectsIn(value);
    const role = objectsIn(graph["appRoles"]).find((candidate) => candidate["value"] === permission);
    await this.request(
      "POST",
      `/v1.0/servicePrincipals/${seed.pipeline.servicePrincipalId}/appRoleAssignments`,
      {
        principalId: seed.pipeline.servicePrincipalId,
        resourceId: graph["id"],
        appRoleId: role?.["id"],
      },
    );
  }
}
