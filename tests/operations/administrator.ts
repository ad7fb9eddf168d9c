import { readFileSync } from "node:fs";
import { request } from "node:https";
import { randomUUID } from "node:crypto";
import { seed, seedResourceIds } from "../../sandbox/tenant/seed";
import type { Tenant } from "../../sandbox/tenant/tenant";

/** What the tenant has answered. */
export type Answer = Readonly<Record<string, unknown>>;

/** The tenant's administrator, who does by hand what audits are to find. */
export class Administrator {
  constructor(private readonly tenant: Tenant) {}

  /** @param path after `/v1.0/` */
  graph(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send("graph", method, `/v1.0/${path.replaceAll(" ", "%20")}`, body);
  }

  /** @param path with the API version */
  arm(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send("arm", method, path, body);
  }

  /** @returns id of the new secret */
  async addSecret(objectId: string, displayName: string, kind = "applications"): Promise<string> {
    const made = await this.graph("POST", `${kind}/${objectId}/addPassword`, {
      passwordCredential: { displayName },
    });
    return String(made["keyId"]);
  }

  /** Makes an application with a service principal, by hand. */
  async registerApplication(
    displayName: string,
  ): Promise<{ id: string; appId: string; servicePrincipalId: string }> {
    const { id, appId } = await this.graph("POST", "applications", { displayName });
    const principal = await this.graph("POST", "servicePrincipals", { appId });
    return { id: String(id), appId: String(appId), servicePrincipalId: String(principal["id"]) };
  }

  /** Object id of the service principal of an application. */
  async servicePrincipalOf(appId: string): Promise<string> {
    const { value } = (await this.graph("GET", `servicePrincipals?$filter=appId eq '${appId}'`)) as {
      value: readonly { id: string }[];
    };
    return value[0]?.id ?? "";
  }

  /** Gives a service principal an application permission of Microsoft Graph. @returns id of the assignment */
  async grantGraphPermission(servicePrincipalId: string, permission: string): Promise<string> {
    const resourceId = await this.servicePrincipalOf("00000003-0000-0000-c000-000000000000");
    const graph = (await this.graph("GET", `servicePrincipals/${resourceId}`)) as {
      appRoles: readonly { id: string; value: string }[];
    };
    const appRoleId = graph.appRoles.find(({ value }) => value === permission)?.id;
    const made = await this.graph("POST", `servicePrincipals/${servicePrincipalId}/appRoleAssignments`, {
      principalId: servicePrincipalId,
      resourceId,
      appRoleId,
    });
    return String(made["id"]);
  }

  /** @returns resource id of the assignment */
  async assignRole(
    scope: string,
    roleId: string,
    principalId: string,
    principalType: string = "ServicePrincipal",
  ): Promise<string> {
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    await this.arm("PUT", `${id}?api-version=2022-04-01`, {
      properties: {
        roleDefinitionId: `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        principalId,
        principalType,
      },
    });
    return id;
  }

  /** The role assignments of a principal at a scope. */
  async rolesOf(scope: string, principalId: string): Promise<readonly { id: string; properties: object }[]> {
    const { value } = await this.arm(
      "GET",
      `${scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId%20eq%20'${principalId}'`,
    );
    return value as readonly { id: string; properties: object }[];
  }

  removeRole(id: string): Promise<Answer> {
    return this.arm("DELETE", `${id}?api-version=2022-04-01`);
  }

  private async send(
    resource: "graph" | "arm",
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const { json } = await this.tenant.control("POST", "token", { resource });
    const { access_token } = json as { access_token: string };
    const text = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.tenant.url}${path}`,
        {
          method,
          ca: readFileSync(this.tenant.caFile),
          headers: {
            authorization: `Bearer ${access_token}`,
            ...(text === "" ? {} : { "content-type": "application/json" }),
          },
        },
        (incoming) => {
          let answer = "";
          incoming.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
          incoming.on("end", () => {
            const status = incoming.statusCode ?? 0;
            if (status >= 400) reject(new Error(`${method} ${path}: ${status} ${answer}`));
            else resolve((answer === "" ? {} : JSON.parse(answer)) as Answer);
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(text);
    });
  }
}

export { seed, seedResourceIds };
