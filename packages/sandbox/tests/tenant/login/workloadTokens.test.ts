import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Administrator } from "../../../portal/administrator";
import type { PortalAction } from "../../../portal/portalAction";
import { portalActions } from "../../../portal/portalActions";
import { registerApplication } from "../../../portal/registerApplication";
import { seed } from "../../../tenant/seed";
import { startTenant, type Tenant } from "../../../tenant/tenant";
import { HttpClient } from "../../../standIn/http/httpClient";

interface WorkloadToken {
  readonly assertion: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

const named = (name: string): PortalAction =>
  portalActions.find((action) => action.name === name) ?? assert.fail(name);

const place = {
  repository: "contoso/imaging",
  ownerId: "123456",
  repositoryId: "456789",
  environment: "dev",
  ref: "refs/heads/main",
  organization: "contoso",
  organizationId: "00000000-0000-0000-0000-00000000c0de",
  project: "imaging",
  connection: "deploy",
  connectionId: "00000000-0000-0000-0000-00000000c0ca",
};

describe("tokens of workloads elsewhere", () => {
  let folder: string;
  let tenant: Tenant;
  let administrator: Administrator;
  let http: HttpClient;
  let client: { readonly id: string; readonly appId: string };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "workloads-"));
    tenant = await startTenant({ folder });
    administrator = new Administrator(tenant);
    http = new HttpClient(tenant.caFile);
  });
  beforeEach(async () => {
    client = await registerApplication(administrator, "Client");
  });
  after(async () => {
    http?.close();
    administrator?.signOut();
    await tenant?.stop();
    await rm(folder, { recursive: true });
  });

  const issue = async (workload: string, more: object = {}): Promise<WorkloadToken> =>
    (await administrator.make("workload-token", { workload, ...place, ...more })) as WorkloadToken;
  const trust = (
    name: string,
    { issuer, subject, audience }: Omit<WorkloadToken, "assertion">,
  ): Promise<unknown> =>
    administrator.graph("POST", `applications/${client.id}/federatedIdentityCredentials`, {
      name,
      issuer,
      subject,
      audiences: [audience],
    });
  const present = async ({ assertion }: WorkloadToken): Promise<number | "accepted"> => {
    const { status, body } = await http.send(
      {
        method: "POST",
        url: `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: client.appId,
          scope: `${tenant.url}/.default`,
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: assertion,
        }).toString(),
      },
      AbortSignal.timeout(10_000),
    );
    if (status === 200) return "accepted";
    return (JSON.parse(body) as { readonly error_codes: readonly number[] }).error_codes[0] ?? 0;
  };

  for (const [workload, more, issuer, subject] of [
    [
      "github",
      {},
      "https://token.actions.githubusercontent.com",
      "repo:contoso@123456/imaging@456789:environment:dev",
    ],
    [
      "github",
      { environment: "" },
      "https://token.actions.githubusercontent.com",
      "repo:contoso@123456/imaging@456789:ref:refs/heads/main",
    ],
    [
      "github-names",
      {},
      "https://token.actions.githubusercontent.com",
      "repo:contoso/imaging:environment:dev",
    ],
    [
      "github-names",
      { environment: "", ref: "pull_request" },
      "https://token.actions.githubusercontent.com",
      "repo:contoso/imaging:pull_request",
    ],
    [
      "azure-devops-former",
      {},
      "https://vstoken.dev.azure.com/00000000-0000-0000-0000-00000000c0de",
      "sc://contoso/imaging/deploy",
    ],
  ] as const) {
    it(`of ${workload} say ${subject}, and are accepted by who trusts that`, async () => {
      const token = await issue(workload, more);
      assert.deepEqual(
        [token.issuer, token.subject, token.audience],
        [issuer, subject, "api://AzureADTokenExchange"],
      );
      await trust("this-one", token);
      assert.equal(await present(token), "accepted");
    });
  }

  it("are accepted by their claims, as the portal adds and removes the credential", async () => {
    const token = await issue("github", { environment: "" });
    const portal = {
      administrator,
      application: () => Promise.resolve({ ...client, displayName: "Client" }),
    };
    const credential = {
      client: "Client",
      name: "branches",
      issuer: token.issuer,
      subject: "claims['sub'] matches 'repo:contoso@123456/*' and claims['repository_owner_id'] eq '123456'",
      audience: token.audience,
    };
    await assert.rejects(
      named("add-federated-credential").run(portal, {
        ...credential,
        subject: "claims['sub'] matches '*'",
        claimsMatching: true,
      }),
      /either lacks all required claims/,
    );
    await named("add-federated-credential").run(portal, { ...credential, claimsMatching: true });
    assert.equal(await present(token), "accepted");
    await named("remove-federated-credential").run(portal, { client: "Client", credential: "branches" });
    assert.equal(await present(token), 700211);
  });

  it("of GitHub say by ids which repository and owner, and which workflow", async () => {
    const { assertion } = await issue("github", { environment: "" });
    const claims = JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString()) as Readonly<
      Record<string, unknown>
    >;
    assert.deepEqual(
      [claims["repository_id"], claims["repository_owner_id"], claims["job_workflow_ref"]],
      ["456789", "123456", "contoso/imaging/.github/workflows/deploy.yml@refs/heads/main"],
    );
  });

  it("of a service connection with the issuer of Entra name tenant, Azure DevOps and connection", async () => {
    const token = await issue("azure-devops");
    assert.equal(token.issuer, `https://login.microsoftonline.com/${seed.tenantId}/v2.0`);
    const [, tenantPart = "", application, connection] =
      /^\/eid1\/c\/pub\/t\/([\w-]{22})\/a\/([\w-]{22})\/sc\/(.*)$/.exec(token.subject) ?? [];
    assert.equal(Buffer.from(tenantPart, "base64url").length, 16);
    // How Entra writes 499b84ac-1321-427f-aa17-267ca6975798.
    assert.equal(application, "rISbSSETf0KqFyZ8ppdXmA");
    assert.equal(connection, `${place.organizationId}/${place.connectionId}`);
    await trust("entra", token);
    assert.equal(await present(token), "accepted");
  });

  it("are refused by who trusts the other form of the same repository (700213)", async () => {
    const [ids, names] = [await issue("github"), await issue("github-names")];
    await trust("names", names);
    assert.equal(await present(ids), 700213);
    await trust("ids", ids);
    assert.equal(await present(ids), "accepted");
  });

  it("are refused when a repository of the same names has other ids", async () => {
    await trust("ids", await issue("github"));
    assert.equal(await present(await issue("github", { repositoryId: "999999" })), 700213);
    assert.equal(await present(await issue("github", { ownerId: "1" })), 700213);
  });

  it("are refused when a * was meant to stand for something", async () => {
    const token = await issue("github");
    await trust("wildcard", { ...token, subject: "repo:contoso@123456/imaging@456789:*" });
    assert.equal(await present(token), 700213);
  });

  it("are refused with the audience of another cloud (700212), and accepted with that of the trust", async () => {
    for (const [cloud, audience] of [
      ["usgovernment", "api://AzureADTokenExchangeUSGov"],
      ["china", "api://AzureADTokenExchangeChina"],
    ] as const) {
      const environment = cloud;
      const ofPublic = await issue("github", { environment });
      const ofCloud = await issue("github", { environment, cloud });
      assert.equal(ofCloud.audience, audience);
      await trust(cloud, ofCloud);
      assert.equal(await present(ofPublic), 700212);
      assert.equal(await present(ofCloud), "accepted");
    }
  });

  it("are refused with another issuer (700211), the former one of the same organization included", async () => {
    await trust("former", await issue("azure-devops-former"));
    assert.equal(await present(await issue("azure-devops")), 700211);
  });

  it("can only be trusted within the limits of Entra", async () => {
    const token = await issue("github");
    for (const wrong of [
      { ...token, subject: "x".repeat(601) },
      { ...token, issuer: `https://${"x".repeat(600)}` },
      { ...token, audience: "x".repeat(601) },
    ]) {
      await assert.rejects(trust("fits", wrong), /Invalid value specified for property/);
    }
    for (const name of ["ab", "-abc", "a b c", "ä-ö", "x".repeat(121)]) {
      await assert.rejects(trust(name, token), /property 'name'/);
    }
    await trust("x".repeat(120), { ...token, subject: "x".repeat(600) });
  });

  it("are written into a file at the portal, with what a trust has to name", async () => {
    const file = join(folder, "token.jwt");
    const lines = await named("issue-token").run(
      { administrator, application: () => assert.fail("not asked for") },
      { workload: "github", file, cloud: "public", ...place },
    );
    assert.match(lines.join("\n"), /subject +repo:contoso@123456\/imaging@456789:environment:dev/);
    const assertion = await readFile(file, "utf8");
    assert.ok(!lines.join("\n").includes(assertion));
    await trust("file", await issue("github"));
    assert.equal(await present({ assertion, issuer: "", subject: "", audience: "" }), "accepted");
  });
});
