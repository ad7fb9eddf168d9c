import assert from "node:assert/strict";
import { appendFileSync, existsSync } from "node:fs";
import { CommandError } from "@pulumi/pulumi/automation";
import { reachTenant, seedResourceIds, withSession } from "entra-sandbox";
import { liveObjects } from "./liveTenant";
import { TestSandbox } from "lab";

const dicomClientId = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const gateway = {
  displayName: "Gateway",
  access: [{ dicomService: seedResourceIds.dicomService }],
  secret: { from: "2026-11-23" },
};

describe("what is refused before anything is created", function () {
  this.timeout(120_000);
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.remove());

  it("lists every problem of the configuration, exits with 1 and creates nothing", async () => {
    const config = sandbox.configure({
      gateway: {
        ...gateway,
        displayNam: "unknown key",
        access: [{ dicomService: "not a resource id", role: "writer" }],
        consent: "manged",
        certificates: [{ name: "c", file: "missing.pem", expiresOn: "2020-01-01" }],
      },
      research: { displayName: "GATEWAY", credentials: "none" },
    });
    const { code, stdout, stderr } = await sandbox.run("up", "--config", config);
    assert.equal(code, 1);
    for (const path of [
      "clients.gateway.displayNam",
      "clients.gateway.access[0].dicomService",
      "clients.gateway.access[0].role",
      "clients.gateway.consent",
      "clients.gateway.certificates[0].expiresOn",
      "clients.research.displayName",
    ]) {
      assert.ok(stdout.includes(` ${path}: `), `${path} is missing in\n${stdout}`);
    }
    assert.doesNotMatch(stdout + stderr, /^\s+at /m);
    assert.doesNotMatch(stdout, /azuread:|azure-native:/);
  });

  it("names the line of a client that is there twice", async () => {
    const config = sandbox.configure({ gateway });
    appendFileSync(config, "    gateway: { displayName: Again, credentials: none }\n");
    const { code, stderr } = await sandbox.run("up", "--config", config);
    assert.equal(code, 1);
    assert.match(stderr, /Map keys must be unique at line \d+/);
  });

  const tenants: readonly [string, Readonly<Record<string, unknown>>, RegExp][] = [
    ["has no service principal for the API", { present: false }, /az ad sp create --id 75e725bf/],
    [
      "has an API without the DICOM audience",
      { servicePrincipalNames: [dicomClientId] },
      /audience https:\/\/dicom\.healthcareapis\.azure\.com is not among its names/,
    ],
    [
      "has an API that does not publish the scope",
      { oauth2PermissionScopes: [] },
      /does not publish the scope Dicom\.ReadWrite; it publishes none/,
    ],
  ];
  for (const [what, instruction, message] of tenants) {
    it(`stops when the tenant ${what}: one error, with its cure, and nothing created`, async () => {
      const config = sandbox.configure({ gateway });
      await sandbox.folder.prepare();
      const tenant = await reachTenant(sandbox.folder);
      await tenant.control("PUT", `firstParty/${dicomClientId}`, instruction);
      const before = await liveObjects(tenant);
      await tenant.stop();

      const { code, stdout } = await sandbox.run("up", "--config", config);
      assert.equal(code, 1);
      assert.match(stdout, message);
      assert.match(stdout, /Nothing has been created\./);
      const [, diagnostics = ""] = stdout.split("Diagnostics:");
      assert.equal(diagnostics.match(/error:/g)?.length, 1, diagnostics);
      assert.doesNotMatch(stdout, /^\s+at /m);

      const afterwards = await reachTenant(sandbox.folder);
      assert.deepEqual(await liveObjects(afterwards), before);
      await afterwards.stop();
    });
  }

  it("stops at a custom role that does not exist, before anything is created", async () => {
    const role = "0f7a1c11-6f2e-4c6e-9b8c-3c8f6f0d0009";
    const config = sandbox.configure({
      gateway: { ...gateway, access: [{ dicomService: seedResourceIds.dicomService, role }] },
    });
    let said = "";
    await sandbox.use(config, async ({ stack, tenant }) => {
      const before = await liveObjects(tenant);
      await assert.rejects(
        stack.up({ onOutput: (text) => (said += text) }),
        (error) => error instanceof CommandError,
      );
      assert.deepEqual(await liveObjects(tenant), before);
    });
    assert.match(said, /clients\.gateway\.access\[0\]\.role: the role definition 0f7a1c11-.* cannot be read/);
  });

  it("starts nothing more once the user has given up", async () => {
    const config = sandbox.configure({ gateway });
    const interruption = AbortSignal.abort();
    await assert.rejects(
      withSession({ ...sandbox.options(config), interruption }, () => assert.fail("the engine was used")),
      { name: "AbortError" },
    );
    assert.ok(!existsSync(sandbox.folder.tenant));
  });

  it("ends with 130 when it is interrupted, and the next run completes what is missing", async () => {
    const config = sandbox.configure({ gateway });
    const interrupted = await sandbox.interrupt(
      /gateway-application created/,
      "up",
      "--verbose",
      "--config",
      config,
      "--fixed-waits",
    );
    assert.equal(interrupted.code, 130, interrupted.stdout);
    const { code, stdout } = await sandbox.run("up", "--config", config);
    assert.equal(code, 0, stdout);
    assert.equal((await sandbox.run("preview", "--config", config, "--expect-no-changes")).code, 0);
  });

  it("lets one command work on a sandbox at a time, and says so", async () => {
    const config = sandbox.configure({ gateway });
    await sandbox.use(config, async () => {
      const { code, stderr } = await sandbox.run("preview", "--config", config);
      assert.equal(code, 1);
      assert.match(stderr, /Another sandbox command is running/);
    });
  });
});
