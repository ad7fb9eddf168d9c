import assert from "node:assert/strict";
import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { seed, seedResourceIds } from "../../../tenant/seed";
import type { TestAnswer } from "lab";
import { TestTenant, resources, temporaryFolder, type TestApplication } from "../support/testTenant";

describe("Key vault keys", () => {
  const folder = temporaryFolder();
  let tenant: TestTenant;
  let officer: TestApplication;
  let user: TestApplication;

  before(async () => {
    tenant = await TestTenant.start({ folder: folder.path });
    officer = await tenant.application("officer");
    user = await tenant.application("user");
    const { keyVault } = seedResourceIds;
    await tenant.assignRole(keyVault, builtInRoleIds.keyVaultCryptoOfficer, officer.servicePrincipalId);
    await tenant.assignRole(keyVault, builtInRoleIds.keyVaultCryptoUser, user.servicePrincipalId);
  });
  after(async () => {
    await tenant.stop();
    folder.remove();
  });

  const ask = async (
    method: string,
    path: string,
    json?: object,
    who: TestApplication = user,
  ): Promise<TestAnswer> => {
    const token = await tenant.token(who.appId, who.secret, resources.vault);
    const body = json === undefined ? {} : { json };
    return tenant.call(method, `/vault/${seed.keyVault}/keys${path}?api-version=2025-07-01`, {
      token,
      ...body,
    });
  };
  const make = (name: string, json: object = { kty: "RSA" }): Promise<TestAnswer> =>
    ask("POST", `/${name}/create`, json, officer);
  const alg = "RSA-OAEP-256";
  const plain = Buffer.from("0123456789abcdef0123456789abcdef").toString("base64url");

  it("encrypt and decrypt with real RSA, by the version asked for", async () => {
    const made = (await make("state")).expect(200);
    const first = made.textAt("key", "kid").split("/").at(-1) ?? "";
    assert.equal(made.textAt("key", "kid"), `${tenant.url}/vault/${seed.keyVault}/keys/state/${first}`);
    const encrypted = (await ask("POST", `/state/${first}/encrypt`, { alg, value: plain })).expect(200);
    assert.equal(encrypted.textAt("kid"), made.textAt("key", "kid"));
    assert.equal(Buffer.from(encrypted.textAt("value"), "base64url").length, 256);

    const larger = (await make("state", { kty: "RSA", key_size: 3072 })).expect(200);
    const second = larger.textAt("key", "kid").split("/").at(-1) ?? "";
    assert.notEqual(second, first);
    const value = encrypted.textAt("value");
    (await ask("POST", `/state/${second}/decrypt`, { alg, value })).expect(400);
    const decrypted = (await ask("POST", `/state/${first}/decrypt`, { alg, value })).expect(200);
    assert.equal(decrypted.textAt("value"), plain);
  });

  it("have a public half that others can encrypt with", async () => {
    const made = await make("public");
    const [n, e] = [made.textAt("key", "n"), made.textAt("key", "e")];
    const key = createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const value = publicEncrypt({ key, padding, oaepHash: "sha256" }, Buffer.from("by others"));
    const version = made.textAt("key", "kid").split("/").at(-1) ?? "";
    const json = { alg, value: value.toString("base64url") };
    const decrypted = (await ask("POST", `/public/${version}/decrypt`, json)).expect(200);
    assert.equal(Buffer.from(decrypted.textAt("value"), "base64url").toString("utf8"), "by others");
  });

  it("need a role: one who may use keys may not make them, and one without a role may do neither", async () => {
    const json = { alg, value: plain };
    const refused = (await ask("POST", "/mine/create", { kty: "RSA" })).expect(403);
    assert.match(refused.body, /Action: 'Microsoft\.KeyVault\/vaults\/keys\/create\/action'/);
    const stranger = await tenant.application("stranger");
    assert.match(
      (await ask("POST", "/state/0123/encrypt", json, stranger)).expect(403).body,
      /Action: 'Microsoft\.KeyVault\/vaults\/keys\/encrypt\/action'/,
    );
  });

  it("refuse what they do not know, by name", async () => {
    const made = (await make("known")).textAt("key", "kid").split("/").at(-1) ?? "";
    for (const path of [`/none/${made}`, "/known/0123"]) {
      const answer = await ask("POST", `${path}/encrypt`, { alg, value: plain });
      assert.match(answer.expect(404).body, /KeyNotFound/);
    }
    const other = await ask("POST", `/known/${made}/encrypt`, { alg: "RSA1_5", value: plain });
    assert.match(other.expect(501).body, /alg/);
    (await ask("POST", "/known/encrypt", { alg, value: plain })).expect(501);
    (await make("curve", { kty: "EC" })).expect(501);
    (await make("curve", { kty: "square" })).expect(400);
    (await make("small", { kty: "RSA", key_size: 512 })).expect(400);
    (await make("under_score")).expect(400);
  });

  it("leave neither a private key nor a plain value in the state and the log", async () => {
    const version = (await make("kept")).textAt("key", "kid").split("/").at(-1) ?? "";
    (await ask("POST", `/kept/${version}/encrypt`, { alg, value: plain })).expect(200);
    const state = readFileSync(join(folder.path, "tenant.json"), "utf8");
    assert.ok(state.includes("sealedKey"));
    assert.ok(!state.includes("PRIVATE KEY"));
    assert.ok(!JSON.stringify(tenant.running.requests()).includes(plain));
  });
});
