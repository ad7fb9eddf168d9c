import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { connectTenant } from "../../../tenant/connect";
import { firstPartyAppIds } from "../../../tenant/domain/firstPartyApplications";
import { seed, seedResourceIds } from "../../../tenant/seed";
import type { Tenant } from "../../../tenant/tenant";
import { TestTenant, resources, temporaryFolder } from "../support/testTenant";

describe("Control surface", () => {
  const folder = temporaryFolder();
  let tenant: TestTenant;

  before(async () => {
    tenant = await TestTenant.start({ folder: folder.path });
  });
  after(async () => {
    await tenant.stop();
    folder.remove();
  });

  it("refuses every instruction without the key that lies in the folder for its owner only", async () => {
    for (const [method, path] of [
      ["GET", "health"],
      ["GET", "environment"],
      ["POST", "token"],
      ["POST", "reset"],
    ] as const) {
      (await tenant.call(method, `/_sandbox/${path}`, { json: { resource: "graph" } })).expect(401);
      const headers = { authorization: "SandboxControl wrong" };
      (await tenant.call(method, `/_sandbox/${path}`, { json: {}, headers })).expect(401);
    }
    assert.equal(statSync(join(folder.path, "server.json")).mode & 0o777, 0o600);
  });

  it("lets another process find the running tenant, use its environment and leave it running", async () => {
    const found = await connectTenant(folder.path);
    assert.equal(found?.url, tenant.url);
    assert.deepEqual(found?.environment, tenant.running.environment);
    assert.equal((await found?.control("GET", "health"))?.status, 200);
    await found?.stop();
    (await tenant.call("GET", "/metadata/endpoints?api-version=2022-09-01")).expect(200);
  });

  it("keeps the log and the environment out of the log", async () => {
    await tenant.running.control("GET", "requests");
    await tenant.running.control("GET", "environment");
    const last = tenant.running.requests().slice(-2);
    assert.deepEqual(
      last.map(({ operation, response }) => [operation, response]),
      [
        ["control.requests", null],
        ["control.environment", null],
      ],
    );
  });

  it("finds nothing where no tenant runs", async () => {
    const empty = temporaryFolder();
    assert.equal(await connectTenant(empty.path), undefined);
    empty.remove();
  });

  it("gives the environment that clients need, and a secret that is nowhere on disk", () => {
    const { environment } = tenant.running;
    const host = new URL(tenant.url).host;
    assert.deepEqual(
      { ...environment, ARM_CLIENT_SECRET: "" },
      {
        ARM_METADATA_HOSTNAME: host,
        ARM_TENANT_ID: seed.tenantId,
        ARM_SUBSCRIPTION_ID: seed.subscriptionId,
        ARM_CLIENT_ID: seed.pipeline.appId,
        ARM_CLIENT_SECRET: "",
        ARM_DISABLE_INSTANCE_DISCOVERY: "true",
        SSL_CERT_FILE: join(folder.path, "tls", "ca.pem"),
        NODE_EXTRA_CA_CERTS: join(folder.path, "tls", "ca.pem"),
        ENTRA_SANDBOX_URL: tenant.url,
      },
    );
    for (const name of ["tenant.json", "server.json"]) {
      assert.ok(!readFileSync(join(folder.path, name), "utf8").includes(environment.ARM_CLIENT_SECRET ?? ""));
    }
  });

  it("sets the time, from which the tenant goes on, and gives it back", async () => {
    const now = async (): Promise<unknown> =>
      ((await tenant.running.control("GET", "clock")).json as { now: string }).now;
    assert.equal((await tenant.running.control("PUT", "clock", { now: "2030-01-01T00:00:00Z" })).status, 204);
    tenant.clock.advance(60);
    assert.equal(await now(), "2030-01-01T00:01:00.000Z");
    assert.equal((await tenant.running.control("PUT", "clock", { now: null })).status, 204);
    assert.equal(await now(), tenant.clock.now().toISOString());
    assert.equal((await tenant.running.control("PUT", "clock", { now: "tomorrow" })).status, 400);
  });

  it("takes a first-party application out of the tenant, or its names and scopes from it, and puts it back", async () => {
    const token = await tenant.adminToken();
    const path = `/v1.0/servicePrincipals(appId='${firstPartyAppIds.dicom}')`;
    const before = (await tenant.call("GET", path, { token })).expect(200);
    const instruct = async (json: object): Promise<void> => {
      const answer = await tenant.running.control("PUT", `firstParty/${firstPartyAppIds.dicom}`, json);
      assert.equal(answer.status, 204);
    };
    await instruct({ present: false });
    (await tenant.call("GET", path, { token })).expect(404);
    await instruct({ servicePrincipalNames: [] });
    const nameless = await tenant.call("GET", path, { token });
    assert.deepEqual(nameless.at("servicePrincipalNames"), [firstPartyAppIds.dicom]);
    const form = {
      grant_type: "client_credentials",
      client_id: seed.pipeline.appId,
      scope: `${resources.dicom}/.default`,
    };
    const secret = tenant.running.environment.ARM_CLIENT_SECRET ?? "";
    assert.deepEqual(
      (await tenant.tokenRequest({ ...form, client_secret: secret })).at("error_codes"),
      [500011],
    );
    await instruct({ oauth2PermissionScopes: [] });
    assert.deepEqual((await tenant.call("GET", path, { token })).at("oauth2PermissionScopes"), []);
    await instruct({});
    const after = (await tenant.call("GET", path, { token })).expect(200);
    assert.deepEqual(after.at("oauth2PermissionScopes"), before.at("oauth2PermissionScopes"));
    assert.deepEqual(after.at("servicePrincipalNames"), before.at("servicePrincipalNames"));
    assert.equal((await tenant.running.control("PUT", `firstParty/${seed.tenantId}`, {})).status, 400);
  });

  it("takes a resource provider's registration away", async () => {
    const token = await tenant.adminToken("arm");
    const path = `${seedResourceIds.subscription}/providers/Microsoft.HealthcareApis?api-version=2022-12-01`;
    for (const registrationState of ["NotRegistered", "Registered"]) {
      const answer = await tenant.running.control("PUT", "providers/Microsoft.HealthcareApis", {
        registrationState,
      });
      assert.equal(answer.status, 204);
      assert.equal((await tenant.call("GET", path, { token })).at("registrationState"), registrationState);
    }
    assert.equal(
      (await tenant.running.control("PUT", "providers/None", { registrationState: "Registered" })).status,
      400,
    );
  });

  it("puts the tenant back as it was first made", async () => {
    const token = await tenant.adminToken();
    const state = async (): Promise<string> => {
      const [applications, principals] = await Promise.all([
        tenant.call("GET", "/v1.0/applications", { token }),
        tenant.call("GET", "/v1.0/servicePrincipals", { token }),
      ]);
      return applications.body + principals.body;
    };
    await tenant.running.control("POST", "reset");
    const first = await state();
    await tenant.application("extra");
    assert.notEqual(await state(), first);
    assert.equal((await tenant.running.control("POST", "reset")).status, 204);
    assert.equal(
      await state(),
      first.replaceAll("2026-11-23T02:01:45Z", tenant.clock.now().toISOString().replace(".000", "")),
    );
    await tenant.pipelineToken();
  });

  it("refuses instructions that it does not understand", async () => {
    const control: Tenant["control"] = (method, path, body) => tenant.running.control(method, path, body);
    assert.equal((await control("POST", "token", { resource: "vault" })).status, 400);
    assert.equal((await control("PUT", "settings", { colour: 1 })).status, 400);
    assert.equal((await control("PUT", "settings", { objectQuota: -1 })).status, 400);
    assert.equal((await control("POST", "nothing", {})).status, 501);
  });
});
