import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { startTenant, type Tenant, type TenantOptions } from "../../../tenant/tenant";
import { send, type TestAnswer, type TestRequest } from "lab";
import { TestClock } from "./testClock";

/** Names of APIs that tokens are asked for. */
export const resources = {
  graph: "https://graph.microsoft.com",
  arm: "https://management.azure.com",
  dicom: "https://dicom.healthcareapis.azure.com",
  vault: "https://vault.azure.net",
  storage: "https://storage.azure.com",
} as const;

/** A client application made for a test: registered, with a service principal and a secret. */
export interface TestApplication {
  readonly id: string;
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly secret: string;
}

/** A tenant started for tests, with short ways to do what many tests need. */
export class TestTenant {
  private constructor(
    readonly running: Tenant,
    readonly clock: TestClock,
  ) {}

  /** Starts a tenant whose time stands still until the test moves it. */
  static async start(
    options: Omit<TenantOptions, "clock"> & { readonly clock?: TestClock } = {},
  ): Promise<TestTenant> {
    const clock = options.clock ?? new TestClock();
    const log = process.env.TENANT_TEST_LOG;
    const running = await startTenant({
      ...(log === undefined ? {} : { requestLog: log }),
      ...options,
      clock,
    });
    return new TestTenant(running, clock);
  }

  get url(): string {
    return this.running.url;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  /** @param path with query, from the root */
  call(method: string, path: string, request: TestRequest = {}): Promise<TestAnswer> {
    return send(`${this.url}${path}`, this.running.caFile, method, request);
  }

  /** The answer of the token endpoint to these form fields. */
  tokenRequest(form: Readonly<Record<string, string>>, tenant: string = seed.tenantId): Promise<TestAnswer> {
    return this.call("POST", `/${tenant}/oauth2/v2.0/token`, { form });
  }

  /** An access token for a client id and secret. */
  async token(appId: string, secret: string, resource: string): Promise<string> {
    const answer = await this.tokenRequest({
      grant_type: "client_credentials",
      client_id: appId,
      client_secret: secret,
      scope: `${resource}/.default`,
    });
    return answer.expect(200).textAt("access_token");
  }

  /** An access token of the seeded pipeline identity. */
  pipelineToken(resource: string = resources.graph): Promise<string> {
    return this.token(seed.pipeline.appId, this.running.environment.ARM_CLIENT_SECRET ?? "", resource);
  }

  /** An access token of the seeded administrator. */
  async adminToken(resource: "graph" | "arm" = "graph"): Promise<string> {
    const answer = await this.running.control("POST", "token", { resource });
    return (answer.json as { readonly access_token: string }).access_token;
  }

  /** A client application made by the administrator. @param graphRoles Graph application permissions that it gets */
  async application(displayName: string, graphRoles: readonly string[] = []): Promise<TestApplication> {
    const token = await this.adminToken();
    const made = (await this.call("POST", "/v1.0/applications", { token, json: { displayName } })).expect(
      201,
    );
    const id = made.textAt("id");
    const appId = made.textAt("appId");
    const principal = await this.call("POST", "/v1.0/servicePrincipals", { token, json: { appId } });
    const servicePrincipalId = principal.expect(201).textAt("id");
    const password = await this.call("POST", `/v1.0/applications/${id}/addPassword`, { token, json: {} });
    for (const role of graphRoles) await this.grantGraphRole(servicePrincipalId, role);
    return { id, appId, servicePrincipalId, secret: password.expect(200).textAt("secretText") };
  }

  /** A user-assigned managed identity made by the administrator. @returns its ids, and its resource id */
  async managedIdentity(
    name: string,
  ): Promise<{ readonly principalId: string; readonly clientId: string; readonly id: string }> {
    const id = `${seedResourceIds.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    const made = await this.call("PUT", `${id}?api-version=2023-01-31`, {
      token: await this.adminToken("arm"),
      json: { location: seed.location },
    });
    made.expect(201);
    const [principalId, clientId] = ["principalId", "clientId"].map((key) => made.textAt("properties", key));
    return { principalId: principalId ?? "", clientId: clientId ?? "", id };
  }

  /** Gives a service principal an application permission of Microsoft Graph. */
  async grantGraphRole(servicePrincipalId: string, value: string): Promise<void> {
    const token = await this.adminToken();
    const found = await this.call(
      "GET",
      "/v1.0/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'".replaceAll(
        " ",
        "%20",
      ),
      { token },
    );
    const resourceId = found.expect(200).textAt("value", 0, "id");
    const roles = found.listAt("value", 0, "appRoles") as readonly {
      readonly id: string;
      readonly value: string;
    }[];
    const appRoleId = roles.find((role) => role.value === value)?.id;
    const json = { principalId: servicePrincipalId, resourceId, appRoleId };
    const made = await this.call("POST", `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
      token,
      json,
    });
    made.expect(201);
  }

  /** Assigns an Azure role as the administrator. @returns the assignment's resource path */
  async assignRole(
    scope: string,
    roleDefinitionId: string,
    principalId: string,
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const token = await this.adminToken("arm");
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    const properties = {
      roleDefinitionId: `/subscriptions/${seed.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
      principalId,
      ...extra,
    };
    (await this.call("PUT", `${path}?api-version=2022-04-01`, { token, json: { properties } })).expect(201);
    return path;
  }
}

/** A folder of its own under the system's temporary one. @returns its path and how to remove it */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "tenant-test-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
