import assert from "node:assert/strict";
import { builtInRoleIds, seed, seedResourceIds, stackName } from "entra-sandbox";
import { Administrator, send } from "lab";
import { BackendFixture, type Variables } from "./backendFixture";

const keyName = "pulumi-state";
/** @param version of the key */
const provider = (version: string): string =>
  `azurekeyvault://${seed.keyVault}.vault.azure.net/keys/${keyName}/${version}`;
const newPassphrase = "another passphrase";

describe("the secrets provider of a stack", function () {
  this.timeout(120_000);
  let fixture: BackendFixture;
  let portal: Administrator;
  let secret: string;
  let cryptoUser: string;
  let versions: readonly string[];

  const onStack = (...args: readonly string[]): string[] => [...args, "--stack", stackName];
  /** The secret of the state and the one of the configuration, as they are read with these variables. */
  const secrets = async (changed: Variables): Promise<string[]> => {
    const shown = await fixture.pulumi(onStack("stack", "output", "clientSecret", "--show-secrets"), changed);
    assert.equal(shown.code, 0, shown.stderr);
    const configured = await fixture.pulumi(onStack("config", "get", "note:text"), changed);
    assert.equal(configured.code, 0, configured.stderr);
    return [shown.stdout.trim(), configured.stdout.trim()];
  };
  const previewsNothing = async (changed: Variables): Promise<void> => {
    await (await fixture.stack(changed)).preview({ expectNoChanges: true });
  };

  /** Makes two versions of the key, for which the pipeline is given a right that it then loses again. */
  const makeKey = async (): Promise<string[]> => {
    const { tenant, environment } = fixture.session;
    const [vault, who] = [seedResourceIds.keyVault, seed.pipeline.servicePrincipalId];
    const officer = await portal.assignRole(vault, builtInRoleIds.keyVaultCryptoOfficer, who);
    const form = {
      grant_type: "client_credentials",
      client_id: environment["ARM_CLIENT_ID"] ?? "",
      client_secret: environment["ARM_CLIENT_SECRET"] ?? "",
      scope: "https://vault.azure.net/.default",
    };
    const login = `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`;
    const token = (await send(login, tenant.caFile, "POST", { form })).expect(200).textAt("access_token");
    const address = `${tenant.url}/vault/${seed.keyVault}/keys/${keyName}/create?api-version=7.4`;
    const make = async (): Promise<string> => {
      const made = await send(address, tenant.caFile, "POST", { token, json: { kty: "RSA" } });
      return made.expect(200).textAt("key", "kid").split("/").at(-1) ?? "";
    };
    const made = [await make(), await make()];
    await portal.removeRole(officer);
    cryptoUser = await portal.assignRole(vault, builtInRoleIds.keyVaultCryptoUser, who);
    return made;
  };

  before(async () => {
    fixture = await BackendFixture.start({
      gateway: {
        displayName: "Gateway",
        access: [{ dicomService: seedResourceIds.dicomService }],
        consent: "managed",
        secret: { from: new Date().toISOString().slice(0, 10) },
      },
    });
    portal = new Administrator(fixture.session.tenant);
    versions = await makeKey();
    const stack = await fixture.stack();
    await stack.setConfig("note:text", { value: "of the configuration", secret: true });
    await stack.up();
    const [ofState = "", ofConfig] = await secrets({});
    assert.equal(ofConfig, "of the configuration");
    secret = ofState;
  });
  after(() => fixture?.stop());

  it("moves from one passphrase to another", async () => {
    const before = fixture.stackFile;
    await fixture.follow("Another passphrase", { NEW_PASSPHRASE: newPassphrase });
    assert.match(before, /^encryptionsalt: v1:/m);
    assert.match(fixture.stackFile, /^encryptionsalt: v1:/m);
    assert.notEqual(fixture.stackFile, before);

    const shown = await fixture.pulumi(onStack("config", "get", "note:text"));
    assert.notEqual(shown.code, 0);
    assert.match(shown.stderr, /incorrect passphrase/);
    const refused = await fixture.operate(["status"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /The stack's secrets cannot be decrypted\./);

    const withNew = { PULUMI_CONFIG_PASSPHRASE: newPassphrase };
    assert.deepEqual(await secrets(withNew), [secret, "of the configuration"]);
    await previewsNothing(withNew);
  });

  it("moves from a passphrase to a key of a key vault, which Key Vault Crypto User suffices for", async () => {
    const [version = ""] = versions;
    await fixture.follow("From a passphrase to a key vault", {
      PULUMI_CONFIG_PASSPHRASE: newPassphrase,
      VAULT: seed.keyVault,
      KEY_VERSION: version,
    });
    assert.ok(fixture.stackFile.includes(`secretsprovider: ${provider(version)}\n`), fixture.stackFile);
    assert.match(fixture.stackFile, /^encryptedkey: [A-Za-z0-9+/=]+$/m);
    assert.doesNotMatch(fixture.stackFile, /encryptionsalt/);

    const without = { PULUMI_CONFIG_PASSPHRASE: undefined };
    assert.deepEqual(await secrets(without), [secret, "of the configuration"]);
    await previewsNothing(without);
    assert.ok(!fixture.azurite.contents().includes(secret));
  });

  it("in a key vault serves the operations", async () => {
    for (const command of ["status", "audit", "verify"]) {
      const { code, stdout, stderr } = await fixture.operate([command], {
        PULUMI_CONFIG_PASSPHRASE: undefined,
      });
      assert.equal(code, 0, stdout + stderr);
    }
  });

  it("in a key vault is explained by the operations when the right to use its key is missing", async () => {
    await portal.removeRole(cryptoUser);
    const { code, stdout, stderr } = await fixture.operate(["status"], {
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
    cryptoUser = await portal.assignRole(
      seedResourceIds.keyVault,
      builtInRoleIds.keyVaultCryptoUser,
      seed.pipeline.servicePrincipalId,
    );
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(
      stderr,
      /The key vault does not allow you to use the key that encrypts the stack's secrets\./,
    );
    assert.match(stderr, /Action: 'Microsoft\.KeyVault\/vaults\/keys\/decrypt\/action'/);
    assert.match(stderr, /\nFix: .*Key Vault Crypto User/);
  });

  it("moves to another version of the key", async () => {
    const [, version = ""] = versions;
    const without = { PULUMI_CONFIG_PASSPHRASE: undefined };
    await fixture.follow("From a passphrase to a key vault", {
      ...without,
      VAULT: seed.keyVault,
      KEY_VERSION: version,
    });
    assert.ok(fixture.stackFile.includes(`secretsprovider: ${provider(version)}\n`), fixture.stackFile);
    assert.deepEqual(await secrets(without), [secret, "of the configuration"]);
  });

  it("moves back to a passphrase", async () => {
    await fixture.follow("From a key vault to a passphrase", { PULUMI_CONFIG_PASSPHRASE: "a third one" });
    assert.match(fixture.stackFile, /^encryptionsalt: v1:/m);
    assert.doesNotMatch(fixture.stackFile, /secretsprovider|encryptedkey/);
    const third = { PULUMI_CONFIG_PASSPHRASE: "a third one" };
    assert.deepEqual(await secrets(third), [secret, "of the configuration"]);
    await previewsNothing(third);
  });
});
