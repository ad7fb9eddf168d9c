import assert from "node:assert/strict";
import { HttpClient, seed, seedResourceIds } from "entra-sandbox";
import { Administrator, PlainCli, readerAccess, requestAccessToken, TestSandbox } from "lab";

const vault = { id: seedResourceIds.keyVault, secretName: "gateway-dicom" };
const client = { displayName: "Gateway", access: [readerAccess], secret: { from: "2026-11-23" } };
const today = { asOf: "2026-11-24" };
const nowhere = {
  vault: { ...vault, id: vault.id.replace(seed.keyVault, "no-such-vault") },
  access: [
    { dicomService: seedResourceIds.dicomService.replace(/[^/]*$/, "nosuch") },
    { workspace: seedResourceIds.dicomService.replace(/[^/]*\/dicomservices.*$/, "nowhere") },
  ],
};

describe("what Azure would refuse half-way", function () {
  this.timeout(120_000);

  it("is said before anything is created: a vault, a DICOM service and a workspace that do not exist", async () => {
    const sandbox = new TestSandbox();
    try {
      await sandbox.use(
        sandbox.configure({ gateway: { ...client, ...nowhere } }, today),
        async ({ stack }) => {
          let said = "";
          await assert.rejects(stack.preview({ onOutput: (text) => (said += text) }));
          assert.match(said, /clients\.gateway\.vault\.id: there is no key vault no-such-vault .*NotFound/);
          assert.match(said, /clients\.gateway\.access\[0\]: there is no \S+\/dicomservices\/nosuch /);
          assert.match(said, /clients\.gateway\.access\[1\]: there is no \S+\/workspaces\/nowhere /);
          assert.match(said, /Nothing has been created\./);
        },
      );
      const onlyVault = sandbox.configure({ gateway: { ...client, vault: nowhere.vault } }, today);
      await sandbox.use(onlyVault, async ({ stack, tenant }) => {
        const before = tenant.requests().length;
        await assert.rejects(stack.up(), /there is no key vault no-such-vault/);
        assert.deepEqual(
          tenant
            .requests()
            .slice(before)
            .filter(({ method, operation }) => method !== "GET" && /^(graph|arm)\./.test(operation ?? "")),
          [],
        );
      });
    } finally {
      sandbox.remove();
    }
  });

  it("is said of a deleted secret in the sandbox's own process, too", async () => {
    const sandbox = new TestSandbox();
    try {
      const config = sandbox.configure({ gateway: { ...client, vault } }, today);
      await sandbox.use(config, async ({ stack, tenant }) => {
        await stack.up();
        await stack.destroy();
        await assert.rejects(
          stack.up(),
          /holds a deleted secret gateway-dicom[^]*# az keyvault secret purge /,
        );
        await new Administrator(tenant).azure("PATCH", vault.id, {
          properties: { enablePurgeProtection: true },
        });
        await assert.rejects(stack.up(), ({ message }: Error) => {
          assert.match(message, /nobody can purge the secret; the vault does so on \d{4}-\d\d-\d\d\./);
          assert.doesNotMatch(message, /secret purge/);
          return true;
        });
      });
    } finally {
      sandbox.remove();
    }
  });

  it("is said of a deleted secret that keeps its name, with a way on that works", async () => {
    const cli = await PlainCli.start();
    try {
      await cli.configure("dev", { gateway: { ...client, vault } }, today);
      await cli.succeed(["stack", "init", "dev"]);
      await cli.succeed(["up", "--yes", "--skip-preview"]);
      await cli.succeed(["destroy", "--yes", "--skip-preview"]);

      for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { code, stdout } = await cli.run(command);
        assert.equal(code, 1, stdout);
        assert.match(stdout, /clients\.gateway\.vault\.secretName: .* holds a deleted secret gateway-dicom/);
        assert.match(stdout, /az keyvault secret recover --vault-name \S+ --name gateway-dicom/);
        assert.match(stdout, /Nothing has been created\./);
      }

      // As it says: first the client, then the secret, then both.
      await cli.configure("dev", { gateway: client }, today);
      await cli.succeed(["up", "--yes", "--skip-preview"]);
      await cli.configure("dev", { gateway: { ...client, vault } }, today);
      const { stdout } = await cli.run(["preview"]);
      const command = /pulumi (import \S+ \S+ )"\$\([^)]*\)([^"]*)" (--parent \S+ --protect=false)/.exec(
        stdout,
      );
      assert.ok(command, stdout);
      const [, beginning = "", path = "", options = ""] = command;
      await recover(cli.tenant);
      await cli.succeed([
        ...beginning.trim().split(" "),
        `${vault.id}${path}`,
        ...options.split(" "),
        ...["--yes", "--skip-preview", "--generate-code=false"],
      ]);
      const up = await cli.succeed(["up", "--yes", "--skip-preview"]);
      assert.match(up, /~ 1 updated/);
      await cli.succeed(["preview", "--expect-no-changes"]);
    } finally {
      await cli.stop();
    }
  });
});

async function recover(tenant: PlainCli["tenant"]): Promise<void> {
  const token = await requestAccessToken(`${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`, tenant.caFile, {
    clientId: tenant.environment["ARM_CLIENT_ID"] ?? assert.fail(),
    secret: tenant.environment["ARM_CLIENT_SECRET"] ?? assert.fail(),
    scope: "https://vault.azure.net/.default",
  });
  const { status, body } = await new HttpClient(tenant.caFile).send(
    {
      method: "POST",
      url: `${tenant.url}/vault/${seed.keyVault}/deletedsecrets/${vault.secretName}/recover?api-version=7.4`,
      headers: { authorization: `Bearer ${token}` },
    },
    AbortSignal.timeout(10_000),
  );
  assert.equal(status, 200, body);
}
