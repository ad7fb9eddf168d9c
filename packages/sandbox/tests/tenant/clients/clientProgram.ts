import { AuthorizationManagementClient } from "@azure/arm-authorization";
import {
  AzurePipelinesCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { Client, PageIterator, type PageCollection } from "@microsoft/microsoft-graph-client";
import type { Application, ServicePrincipal } from "@microsoft/microsoft-graph-types";

/** What the parent tells: how the client proves who it is, and where the tenant is. */
interface Settings {
  readonly url: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly secret?: string;
  readonly certificate?: string;
  readonly assertion?: string;
  /** File that a Kubernetes pod has its token in. */
  readonly tokenFile?: string;
  /** User-assigned identity that the machine has: object id of its service principal, or the client id to sign in with. */
  readonly identity?: string;
  /** Id of the service connection that a pipeline has. */
  readonly connection?: string;
  readonly thumbprintSha256?: string;
  readonly key?: string;
  readonly scope: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly resourceScope: string;
}

const settings = JSON.parse(process.env.CLIENT_SETTINGS ?? "{}") as Settings;
const authority = { authorityHost: settings.url, disableInstanceDiscovery: true };

function credential(): TokenCredential {
  const { tenantId, clientId, secret, certificate, assertion, tokenFile, identity, connection } = settings;
  if (secret !== undefined) return new ClientSecretCredential(tenantId, clientId, secret, authority);
  if (certificate !== undefined)
    return new ClientCertificateCredential(tenantId, clientId, { certificate }, authority);
  if (tokenFile !== undefined)
    return new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath: tokenFile, ...authority });
  if (connection !== undefined)
    return new AzurePipelinesCredential(
      tenantId,
      clientId,
      connection,
      process.env.SYSTEM_ACCESSTOKEN ?? "",
      authority,
    );
  if (identity === clientId) return new ManagedIdentityCredential({ clientId });
  if (identity !== undefined) {
    const machine = new ManagedIdentityCredential({ objectId: identity });
    const exchanged = async (): Promise<string> =>
      (await machine.getToken("api://AzureADTokenExchange/.default")).token;
    return new ClientAssertionCredential(tenantId, clientId, exchanged, authority);
  }
  return new ClientAssertionCredential(tenantId, clientId, () => Promise.resolve(assertion ?? ""), authority);
}

async function accessToken(scope: string): Promise<string> {
  return (await credential().getToken(scope))?.token ?? "";
}

/** Each scenario uses one client library as its documentation shows it, and returns what the parent asserts. */
const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  identity: async () => claims(await accessToken(settings.scope)),

  async msal() {
    const application = new ConfidentialClientApplication({
      auth: {
        clientId: settings.clientId,
        authority: `${settings.url}/${settings.tenantId}`,
        knownAuthorities: [new URL(settings.url).host],
        ...(settings.secret === undefined ? {} : { clientSecret: settings.secret }),
        ...(settings.assertion === undefined ? {} : { clientAssertion: settings.assertion }),
        ...(settings.key === undefined || settings.thumbprintSha256 === undefined
          ? {}
          : { clientCertificate: { privateKey: settings.key, thumbprintSha256: settings.thumbprintSha256 } }),
      },
    });
    const result = await application.acquireTokenByClientCredential({ scopes: [settings.scope] });
    return claims(result?.accessToken ?? "");
  },

  async graph() {
    const client = Client.initWithMiddleware({
      baseUrl: settings.url,
      customHosts: new Set([new URL(settings.url).hostname]),
      authProvider: { getAccessToken: () => accessToken("https://graph.microsoft.com/.default") },
    });
    const made = (await client
      .api("/applications")
      .post({ displayName: "made by the Graph SDK" })) as Application;
    const id = made.id ?? "";
    await client.api(`/applications/${id}`).patch({ notes: "noted" });
    const read = (await client
      .api(`/applications/${id}`)
      .select(["displayName", "notes"])
      .get()) as Application;
    const found = (await client
      .api("/applications")
      .filter("displayName eq 'made by the Graph SDK'")
      .get()) as PageCollection;
    const names: string[] = [];
    const pages = (await client.api("/servicePrincipals").top(2).get()) as PageCollection;
    await new PageIterator(client, pages, (principal: ServicePrincipal) => {
      names.push(principal.displayName ?? "");
      return true;
    }).iterate();
    await client.api(`/applications/${id}`).delete();
    const gone: unknown = await client
      .api(`/applications/${id}`)
      .get()
      .catch((error: { statusCode?: number; code?: string }) => ({
        status: error.statusCode,
        code: error.code,
      }));
    return { read, found: found.value.length, names, gone };
  },

  async arm() {
    const client = new AuthorizationManagementClient(credential(), settings.subscriptionId, {
      endpoint: settings.url,
    });
    const name = crypto.randomUUID();
    const { resourceScope, principalId, roleDefinitionId } = settings;
    const made = await client.roleAssignments.create(resourceScope, name, {
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${settings.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
    });
    const listed: string[] = [];
    const filter = `principalId eq '${principalId}'`;
    for await (const assignment of client.roleAssignments.listForScope(resourceScope, { filter })) {
      listed.push(assignment.name ?? "");
    }
    const roles: string[] = [];
    for await (const role of client.roleDefinitions.list(resourceScope, {
      filter: "roleName eq 'DICOM Data Reader'",
    })) {
      roles.push(role.name ?? "");
    }
    const twin: unknown = await client.roleAssignments
      .create(resourceScope, crypto.randomUUID(), {
        principalId,
        principalType: "ServicePrincipal",
        roleDefinitionId: made.roleDefinitionId ?? "",
      })
      .catch((error: { code?: string; statusCode?: number }) => ({
        status: error.statusCode,
        code: error.code,
      }));
    await client.roleAssignments.delete(resourceScope, name);
    const gone: unknown = await client.roleAssignments
      .get(resourceScope, name)
      .catch((error: { code?: string; statusCode?: number }) => ({
        status: error.statusCode,
        code: error.code,
      }));
    return {
      scope: made.scope,
      principalType: made.principalType,
      isListed: listed.includes(name),
      roles,
      twin,
      gone,
    };
  },
};

/** The claims of a token, so that the token itself is not printed. */
function claims(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}

const scenario = scenarios[process.argv[2] ?? ""];
if (scenario === undefined) throw new Error("no such scenario");
scenario().then(
  (result) => process.stdout.write(JSON.stringify({ result })),
  (error: unknown) =>
    process.stdout.write(JSON.stringify({ error: error instanceof Error ? error.message : String(error) })),
);
