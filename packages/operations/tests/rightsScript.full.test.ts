import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { builtInRoleIds } from "entra-sandbox";
import { Administrator, DeployedSandbox, type Identity, seedResourceIds } from "lab";
import type { RightsCheck } from "../rights/rightsCheck";
import { readRoleCondition, roleCondition, type AssignableRoles } from "../rights/roleCondition";
import { AzureCliStandIn } from "./pipelines/azureCliStandIn";
import { CommandBridge } from "./pipelines/commandBridge";

const {
  dicomDataReader: reader,
  dicomDataOwner: owner,
  roleBasedAccessControlAdministrator,
} = builtInRoleIds;
const service = seedResourceIds.dicomService;
const definitions = `${seedResourceIds.subscription}/providers/Microsoft.Authorization/roleDefinitions`;

interface CustomRole {
  readonly id: string;
  readonly properties: {
    readonly roleName: string;
    readonly assignableScopes: readonly string[];
    readonly permissions: readonly { readonly actions: readonly string[] }[];
  };
}

describe("the script that gives the rights", function () {
  this.timeout(60_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;
  let azureCli: AzureCliStandIn;
  let bridge: CommandBridge;
  let folder: string;
  let identity: Identity;

  before(async () => {
    sandbox = await DeployedSandbox.empty("2026-08-20");
    portal = new Administrator(sandbox.tenant);
    azureCli = new AzureCliStandIn(portal);
    folder = await mkdtemp(join(tmpdir(), "rights-script-"));
    bridge = await CommandBridge.start(folder, { az: azureCli.command });
  });
  after(async () => {
    await bridge?.stop();
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    identity = await portal.identityWith({ graph: [], azure: [] });
    azureCli.changes.length = 0;
  });

  const declare = (role: string, more: object = {}): Promise<void> =>
    sandbox.configure("clients", {
      gateway: {
        displayName: "Gateway",
        credentials: "none",
        access: [{ dicomService: service, role }],
        ...more,
      },
    });
  const scriptFor = async (purpose: string): Promise<string> => {
    const { stdout, stderr } = await sandbox.on("rights", ["--for", purpose, "--format", "commands"]);
    assert.notEqual(stdout, "", stderr);
    return stdout;
  };
  /** @returns what it says on stderr */
  const run = async (script: string): Promise<string> => {
    const env = {
      ...process.env,
      PATH: [bridge.folder, process.env["PATH"]].join(delimiter),
      PRINCIPAL: identity.principalId,
    };
    return (await promisify(execFile)("sh", ["-c", script], { env })).stderr;
  };
  const check = async (purpose: string): Promise<{ readonly code: number; readonly check: RightsCheck }> => {
    const argv = ["--check", "--for", purpose, "--identity", identity.principalId, "--format", "json"];
    const { code, stdout, stderr } = await sandbox.on("rights", argv);
    assert.notEqual(stdout, "", stderr);
    return { code, check: (JSON.parse(stdout) as { check: RightsCheck }).check };
  };
  const isExact = async (purpose: string): Promise<void> => {
    const { code, check: found } = await check(purpose);
    assert.deepEqual([code, found.missing, found.excess, found.unknown, found.notes], [0, [], [], [], []]);
  };
  const allowed = async (): Promise<AssignableRoles | undefined> => {
    const { value } = (await portal.azure(
      "GET",
      `${service}/providers/Microsoft.Authorization/roleAssignments`,
    )) as {
      readonly value: readonly { properties: { principalId: string; condition: string | null } }[];
    };
    const own = value.filter(({ properties }) => properties.principalId === identity.principalId);
    assert.equal(own.length, 1);
    return readRoleCondition(own[0]?.properties.condition ?? "");
  };

  it("gives exactly what is needed, and changes nothing when it is run again", async () => {
    await declare("reader", { consent: "managed" });
    for (const purpose of ["deploy", "drift"]) {
      identity = await portal.identityWith({ graph: [], azure: [] });
      const script = await scriptFor(purpose);
      assert.equal(await run(script), "");
      await isExact(purpose);
      azureCli.changes.length = 0;
      assert.equal(await run(script), "");
      assert.deepEqual(azureCli.changes, []);
      await isExact(purpose);
    }
  });

  it("brings a condition up to date after the configuration has changed", async () => {
    await declare("reader");
    await run(await scriptFor("deploy"));
    assert.deepEqual(await allowed(), { gives: [reader], takes: [reader] });
    await declare("owner");
    assert.equal((await check("deploy")).code, 7);
    await run(await scriptFor("deploy"));
    assert.deepEqual(await allowed(), { gives: [owner], takes: [owner] });
    await isExact("deploy");
  });

  it("keeps what other stacks of the same identity need at the same service", async () => {
    await declare("reader");
    await run(await scriptFor("deploy"));
    await declare("owner");
    const ofOwner = await scriptFor("deploy");
    const another = ofOwner.replace(/^STACK=.*$/m, "STACK=imaging/another.stack-1");
    assert.notEqual(another, ofOwner);
    await run(another);
    assert.deepEqual(await allowed(), { gives: [owner, reader].sort(), takes: [owner, reader].sort() });
    // The first stack changes; then both need the same.
    await run(ofOwner);
    assert.deepEqual(await allowed(), { gives: [owner], takes: [owner] });
  });

  it("goes on from a condition of an earlier version, and leaves any other as it is", async () => {
    const assign = async (condition: string): Promise<void> => {
      await portal.assignDefinition(
        roleBasedAccessControlAdministrator,
        { scope: service, condition },
        identity.principalId,
      );
    };
    await declare("owner");
    const script = await scriptFor("deploy");
    await assign(roleCondition({ gives: [reader], takes: [reader] }));
    assert.equal(await run(script), "");
    assert.deepEqual(await allowed(), { gives: [owner, reader].sort(), takes: [owner, reader].sort() });

    identity = await portal.identityWith({ graph: [], azure: [] });
    const foreign = roleCondition({ gives: [reader], takes: [reader] }).replaceAll(
      "ServicePrincipal",
      "User",
    );
    await assign(foreign);
    assert.match(await run(script), /^Left as it is: /);
    const { code, check: found } = await check("deploy");
    assert.deepEqual([code, found.missing, found.excess], [1, [], []]);
    assert.match(found.unknown.join("\n"), /another form/);
  });

  it("brings a custom role that somebody has changed back to what it is for", async () => {
    await declare("reader");
    const script = await scriptFor("drift");
    await run(script);
    const [, name = ""] = /^define '(.*?)' /m.exec(script) ?? [];
    const { value } = (await portal.azure("GET", definitions)) as { readonly value: readonly CustomRole[] };
    const role = value.find(({ properties }) => properties.roleName === name) ?? assert.fail(name);
    const [own = assert.fail()] = role.properties.permissions;
    for (const [permitted, isLess] of [
      [{ ...own, actions: [] }, true],
      // The same words, elsewhere.
      [{ ...own, actions: [], notActions: own.actions }, true],
      [{ ...own, actions: [...own.actions, "*/read"] }, false],
    ] as const) {
      const { roleName, assignableScopes } = role.properties;
      await portal.azure("PUT", role.id, {
        properties: { roleName, type: "CustomRole", permissions: [permitted], assignableScopes },
      });
      const { code, check: found } = await check("drift");
      assert.deepEqual([code, found.missing.length, found.excess.length], isLess ? [7, 1, 0] : [7, 0, 1]);
      assert.match([...found.missing, ...found.excess].join(), new RegExp(name));
      await run(script);
      await isExact("drift");
    }
  });
});
