import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { seed, seedResourceIds } from "../../../tenant/seed";
import { TestTenant, resources, temporaryFolder, type TestApplication } from "../support/testTenant";
import type { TestAnswer } from "lab";

describe("Key vault secrets", () => {
  const folder = temporaryFolder();
  let tenant: TestTenant;
  let admin: string;
  let reader: TestApplication;

  before(async () => {
    tenant = await TestTenant.start({ folder: folder.path });
    admin = await tenant.adminToken("arm");
    reader = await tenant.application("reader");
    await tenant.assignRole(
      seedResourceIds.keyVault,
      builtInRoleIds.keyVaultAdministrator,
      reader.servicePrincipalId,
    );
  });
  after(async () => {
    await tenant.stop();
    folder.remove();
  });

  const arm = (name: string): string => `${seedResourceIds.keyVault}/secrets/${name}?api-version=2023-07-01`;
  const put = (
    name: string,
    value: string,
    properties: object = {},
    tags: object = {},
  ): Promise<TestAnswer> =>
    tenant.call("PUT", arm(name), { token: admin, json: { properties: { value, ...properties }, tags } });
  const vault = async (method: string, path: string, who = reader): Promise<TestAnswer> => {
    const token = await tenant.token(who.appId, who.secret, resources.vault);
    return tenant.call(method, `/vault/${seed.keyVault}${path}?api-version=7.4`, { token });
  };

  it("take a value through Resource Manager and never give it back there", async () => {
    const attributes = { enabled: true, exp: 1_800_000_000 };
    const tags = { CredentialId: "id", ValidityPeriodDays: "180" };
    const made = (await put("first", "the value", { contentType: "text/plain", attributes }, tags)).expect(
      201,
    );
    const uri = `${tenant.url}/vault/${seed.keyVault}/secrets/first`;
    const version = made.textAt("properties", "secretUriWithVersion").slice(uri.length + 1);
    assert.match(version, /^[0-9a-f]{32}$/);
    const expected = {
      id: `${seedResourceIds.keyVault}/secrets/first`,
      name: "first",
      type: "Microsoft.KeyVault/vaults/secrets",
      location: "eastus2",
      tags,
      properties: {
        contentType: "text/plain",
        attributes: { enabled: true, exp: 1_800_000_000, created: 1_795_399_305, updated: 1_795_399_305 },
        secretUri: uri,
        secretUriWithVersion: `${uri}/${version}`,
      },
    };
    assert.deepEqual(made.json, expected);
    assert.deepEqual((await tenant.call("GET", arm("first"), { token: admin })).expect(200).json, expected);
  });

  it("keep earlier versions readable", async () => {
    const one = (await put("rotated", "one")).expect(201).textAt("properties", "secretUriWithVersion");
    (await put("rotated", "two")).expect(200);
    const current = await vault("GET", "/secrets/rotated");
    assert.equal(current.expect(200).at("value"), "two");
    const earlier = await vault("GET", `/secrets/rotated/${one.split("/").at(-1) ?? ""}`);
    assert.equal(earlier.expect(200).at("value"), "one");
    assert.equal(earlier.at("id"), one);
    const all = await vault("GET", "/secrets");
    assert.ok(!all.expect(200).body.includes('"value":"two"'));
  });

  it("are nowhere in clear text: not in the state, not in the log", async () => {
    const value = `clear-${crypto.randomUUID()}`;
    (await put("hidden", value)).expect(201);
    assert.equal((await vault("GET", "/secrets/hidden")).at("value"), value);
    assert.ok(!readFileSync(join(folder.path, "tenant.json"), "utf8").includes(value));
    assert.ok(!JSON.stringify(tenant.running.requests()).includes(value));
  });

  it("are deleted softly: the name is taken until the secret is recovered or purged", async () => {
    (await put("deleted", "value")).expect(201);
    const gone = (await vault("DELETE", "/secrets/deleted")).expect(200);
    assert.equal(gone.at("deletedDate"), 1_795_399_305);
    (await vault("GET", "/secrets/deleted")).expectError(
      404,
      "SecretNotFound",
      /deleted was not found in this key vault/,
    );
    (await put("deleted", "again")).expectError(
      409,
      "Conflict",
      /^Secret deleted is currently in a deleted but recoverable state/,
    );
    (await vault("GET", "/deletedsecrets/deleted")).expect(200);
    (await vault("POST", "/deletedsecrets/deleted/recover")).expect(200);
    assert.equal((await vault("GET", "/secrets/deleted")).at("value"), "value");
    (await vault("DELETE", "/secrets/deleted")).expect(200);
    (await vault("DELETE", "/deletedsecrets/deleted")).expect(204);
    (await put("deleted", "again")).expect(201);
  });

  it("cannot be purged once the vault has purge protection, which cannot be taken back", async () => {
    const ofVault = `${seedResourceIds.keyVault}?api-version=2023-07-01`;
    const protect = (enablePurgeProtection: boolean): Promise<TestAnswer> =>
      tenant.call("PATCH", ofVault, { token: admin, json: { properties: { enablePurgeProtection } } });
    (await put("kept", "value")).expect(201);
    const before = (await vault("DELETE", "/secrets/kept")).expect(200);
    assert.equal(before.at("attributes", "recoveryLevel"), "Recoverable+Purgeable");
    (await protect(true)).expect(200);
    const after = (await vault("GET", "/deletedsecrets/kept")).expect(200);
    assert.equal(after.at("attributes", "recoveryLevel"), "Recoverable");
    assert.equal(after.at("scheduledPurgeDate"), 1_795_399_305 + 90 * 24 * 60 * 60);
    (await vault("DELETE", "/deletedsecrets/kept")).expectError(403, "Forbidden", /purge protection/);
    (await protect(false)).expectError(400, "BadRequest", /cannot be set to false/);
  });

  it("cannot be deleted through Resource Manager [C]", async () => {
    (await put("staying", "value")).expect(201);
    (await tenant.call("DELETE", arm("staying"), { token: admin })).expectError(
      400,
      "DisallowedResourceOperation",
      "The operation 'delete' on resource type 'vaults/secrets' is disallowed.",
    );
    (await vault("GET", "/secrets/staying")).expect(200);
  });

  it("403 for a disabled one, 404 for an unknown version, name or vault, 400 for a name that cannot be", async () => {
    (await put("disabled", "value", { attributes: { enabled: false } })).expect(201);
    (await vault("GET", "/secrets/disabled")).expectError(403, "Forbidden", /disabled secret/);
    (await vault("GET", "/secrets/first/0123")).expectError(404, "SecretNotFound", /first\/0123/);
    (await tenant.call("GET", arm("unknown"), { token: admin })).expectError(
      404,
      "SecretNotFound",
      /unknown/,
    );
    (await put("under_score", "value")).expect(400);
    const token = await tenant.token(reader.appId, reader.secret, resources.vault);
    (await tenant.call("GET", "/vault/nowhere/secrets/x?api-version=7.4", { token })).expect(404);
  });

  it("demand the data role at the vault: a role for management is not enough, one at a secret is for that secret", async () => {
    const manager = await tenant.application("manager");
    await tenant.assignRole(seedResourceIds.keyVault, builtInRoleIds.contributor, manager.servicePrincipalId);
    (await vault("GET", "/secrets/first", manager)).expectError(403, "Forbidden", /getSecret\/action/);
    const scope = `${seedResourceIds.keyVault}/secrets/first`;
    const token = await tenant.adminToken("arm");
    const name = crypto.randomUUID();
    const json = {
      properties: {
        principalId: manager.servicePrincipalId,
        roleDefinitionId: `/x/roleDefinitions/${builtInRoleIds.keyVaultSecretsUser}`,
      },
    };
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`;
    (await tenant.call("PUT", path, { token, json })).expect(201);
    (await vault("GET", "/secrets/first", manager)).expect(200);
    (await vault("GET", "/secrets/rotated", manager)).expect(403);
    (await vault("DELETE", "/secrets/first", manager)).expect(403);
  });

  it("401 with the vault's challenge without a token or with another API's", async () => {
    const path = `/vault/${seed.keyVault}/secrets/first?api-version=7.4`;
    const bare = (await tenant.call("GET", path)).expect(401);
    const challenge = `Bearer authorization="${tenant.url}/${seed.tenantId}", resource="https://vault.azure.net"`;
    assert.equal(bare.headers["www-authenticate"], challenge);
    (await tenant.call("GET", path, { token: admin })).expect(401);
  });

  it("can be read after a restart, because the key lies beside the state", async () => {
    await tenant.stop();
    tenant = await TestTenant.start({ folder: folder.path, clock: tenant.clock });
    assert.equal((await vault("GET", "/secrets/rotated")).expect(200).at("value"), "two");
  });
});
