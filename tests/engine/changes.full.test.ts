import assert from "node:assert/strict";
import { CommandError } from "@pulumi/pulumi/automation";
import { Administrator, HttpClient, seed, seedResourceIds } from "entra-sandbox";
import { liveObjects } from "./liveTenant";
import { requestAccessToken, TestSandbox } from "lab";

const access = [{ dicomService: seedResourceIds.dicomService }];
const secret = { from: "2026-11-23" };
const github = {
  name: "github-dev",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/pacs:environment:dev",
};

describe("changes on the engine", function () {
  this.timeout(60_000);
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.remove());

  it("replaces a federated credential that is renamed, although its issuer and subject may exist only once", async () => {
    const client = { displayName: "Gateway", access };
    const before = sandbox.configure({ gateway: { ...client, federatedCredentials: [github] } });
    await sandbox.use(before, ({ stack }) => stack.up());
    const renamed = { ...github, name: "github-actions", formerName: "github-dev" };
    const after = sandbox.configure({ gateway: { ...client, federatedCredentials: [renamed] } });
    await sandbox.use(after, async ({ stack }) => {
      const { summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { replace: 1, same: 6 });
      await stack.preview({ expectNoChanges: true });
    });
  });

  it("says how to go on when a federated credential is renamed without its former name", async () => {
    const client = { displayName: "Gateway", access };
    const before = sandbox.configure({ gateway: { ...client, federatedCredentials: [github] } });
    await sandbox.use(before, ({ stack }) => stack.up());
    const renamed = { ...github, name: "github-actions" };
    const after = sandbox.configure({ gateway: { ...client, federatedCredentials: [renamed] } });
    let said = "";
    await sandbox.use(after, async ({ stack }) => {
      await assert.rejects(
        stack.up({ onOutput: (text) => (said += text) }),
        (error) => error instanceof CommandError,
      );
    });
    assert.match(said, /"gateway-federated-github-actions" cannot be created: .* its issuer and subject/);
    assert.match(said, /If you have renamed it, set formerName to its previous name/);
    assert.match(
      said,
      /# az ad app federated-credential delete --id [0-9a-f-]{36} --federated-credential-id <id>/,
    );
    const corrected = sandbox.configure({
      gateway: { ...client, federatedCredentials: [{ ...renamed, formerName: github.name }] },
    });
    await sandbox.use(corrected, async ({ stack }) => {
      await stack.up();
      await stack.preview({ expectNoChanges: true });
    });
  });

  it("changes the description of a federated credential in place", async () => {
    const client = { displayName: "Gateway", access };
    const described = (description: string): string =>
      sandbox.configure({ gateway: { ...client, federatedCredentials: [{ ...github, description }] } });
    await sandbox.use(described("before"), ({ stack }) => stack.up());
    await sandbox.use(described("after"), async ({ stack }) => {
      const { summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { same: 6, update: 1 });
    });
  });

  it("keeps the previous version of a secret readable in its key vault", async () => {
    const vault = { id: seedResourceIds.keyVault, secretName: "gateway-dicom", export: false };
    const config = sandbox.configure({ gateway: { displayName: "Gateway", access, secret, vault } });
    await sandbox.use(config, async ({ stack, tenant }) => {
      const http = new HttpClient(tenant.caFile);
      const read = async (
        version: string,
      ): Promise<{ id: string; value: string; exp: number; tags: unknown }> => {
        const token = await requestAccessToken(
          `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`,
          tenant.caFile,
          {
            clientId: tenant.environment["ARM_CLIENT_ID"] ?? assert.fail(),
            secret: tenant.environment["ARM_CLIENT_SECRET"] ?? assert.fail(),
            scope: "https://vault.azure.net/.default",
          },
        );
        const { status, body } = await http.send(
          {
            method: "GET",
            url: `${tenant.url}/vault/${seed.keyVault}/secrets/gateway-dicom/${version}?api-version=7.4`,
            headers: { authorization: `Bearer ${token}` },
          },
          AbortSignal.timeout(10_000),
        );
        assert.equal(status, 200, body);
        const bundle = JSON.parse(body) as {
          id: string;
          value: string;
          attributes: { exp: number };
          tags: unknown;
        };
        return { id: bundle.id, value: bundle.value, exp: bundle.attributes.exp, tags: bundle.tags };
      };
      const at = async (day: string): Promise<Record<string, unknown>> => {
        await tenant.control("PUT", "clock", { now: `${day}T12:00:00Z` });
        await stack.setConfig("asOf", { value: day });
        await stack.up();
        const outputs = await stack.outputs();
        assert.ok(!("clientSecret" in outputs));
        return (
          (outputs["clients"]?.value as Record<string, Record<string, unknown>>)["gateway"] ?? assert.fail()
        );
      };

      const first = await at("2026-11-23");
      const before = await read("");
      assert.equal(before.exp, Date.parse(String(first["secretExpiresOn"])) / 1000);
      assert.deepEqual(before.tags, {
        ValidityPeriodDays: "180",
        CredentialId: first["secretId"],
        ProviderAddress: first["objectId"],
      });

      await at("2027-04-22");
      const after = await read("");
      assert.notEqual(after.value, before.value);
      assert.equal((await read(before.id.split("/").at(-1) ?? "")).value, before.value);
      assert.deepEqual(sandbox.filesWith(after.value), []);
      http.close();
    });
  });

  it("builds a client anew that somebody deleted, without meeting its old role assignment", async () => {
    const config = sandbox.configure({ gateway: { displayName: "Gateway", access, secret } });
    await sandbox.use(config, async ({ stack, tenant }) => {
      await stack.up();
      const outputs = await stack.outputs();
      const before = (outputs["clients"]?.value as Record<string, { objectId: string; clientId: string }>)[
        "gateway"
      ];
      const administrator = new Administrator(tenant);
      await administrator.graph("DELETE", `applications/${before?.objectId}`);
      administrator.signOut();

      await stack.up();
      const again = (await stack.outputs())["clients"]?.value as Record<string, { clientId: string }>;
      assert.notEqual(again["gateway"]?.clientId, before?.clientId);
      await stack.preview({ expectNoChanges: true });
      const { applications } = await liveObjects(tenant);
      assert.equal(applications.filter((name) => name.startsWith("Gateway ")).length, 1);
      await stack.destroy();
    });
  });

  it("works in another cloud when its values are given, and is refused before anything is made when not", async () => {
    const clients = { gateway: { displayName: "Gateway", access, secret } };
    const api = {
      clientId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
      audience: "https://dicom.healthcareapis.azure.com",
      loginUrl: "https://login.microsoftonline.us",
      dicomServiceUrl: "https://{workspace}-{service}.dicom.azurehealthcareapis.us",
    };
    const missing = sandbox.configure(clients, { api: {} }, { "azuread:environment": "usgovernment" });
    const { code, stdout } = await sandbox.run("up", "--config", missing);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /api: Microsoft publishes no values .* "usgovernment"; give clientId, audience, loginUrl, dicomServiceUrl/,
    );

    const given = sandbox.configure(clients, { api }, { "azuread:environment": "usgovernment" });
    await sandbox.use(given, async ({ stack }) => {
      await stack.up();
      const outputs = await stack.outputs();
      const client = (outputs["clients"]?.value as Record<string, Record<string, unknown>>)["gateway"];
      assert.equal(
        client?.["tokenUrl"],
        `https://login.microsoftonline.us/${seed.tenantId}/oauth2/v2.0/token`,
      );
      assert.deepEqual(client["dicomServiceUrls"], [
        `https://${seed.workspace}-${seed.dicomService}.dicom.azurehealthcareapis.us`,
      ]);
      await stack.preview({ expectNoChanges: true });
      await stack.destroy();
    });
  });
});
