import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { AuditReport } from "../../operations/audit/auditReport";
import { callsOfCommand } from "../../operations/cloud/callsOfCommand";
import type { RightsCheck } from "../../operations/rights/heldRights";
import type { IdentityRights, RightsReport } from "../../operations/rights/rightsReport";
import { startEngine } from "../../sandbox/runner/engine";
import { SandboxFolder } from "../../sandbox/runner/sandboxFolder";
import { prepareWorkspace, readStackFile } from "../../sandbox/runner/workspace";
import { builtInRoleIds } from "../../sandbox/tenant/domain/builtInRoles";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";
import { Administrator, seed, seedResourceIds, type Identity } from "./administrator";
import { DeployedSandbox, readerAccess } from "./deployedSandbox";

const clientsNamed = (displayName: string, more: object = {}): Record<string, object> => ({
  gateway: {
    displayName,
    access: [readerAccess],
    secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
    federatedCredentials: [
      { name: "github", issuer: "https://token.actions.githubusercontent.com", subject: "a" },
    ],
    ...more,
  },
});

describe("ops rights", function () {
  this.timeout(60_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;

  before(async () => {
    sandbox = await DeployedSandbox.deploy(clientsNamed("Gateway"), "2026-08-20");
    portal = new Administrator(sandbox.tenant);
  });
  after(() => sandbox?.stop());

  const rightsFor = async (purpose: "deploy" | "drift"): Promise<IdentityRights> => {
    const run = await sandbox.on("rights", ["--format", "json", "--for", purpose]);
    assert.equal(run.code, 0, run.stderr);
    const [identity] = (JSON.parse(run.stdout) as RightsReport).identities;
    assert.ok(identity);
    return identity;
  };
  const check = async (purpose: string, as: Identity): Promise<{ code: number; check: RightsCheck }> => {
    const run = await sandbox.on("rights", ["--for", purpose, "--check", "--format", "json"], as.env);
    assert.notEqual(run.stdout, "", run.stderr);
    return { code: run.code, check: (JSON.parse(run.stdout) as { check: RightsCheck }).check };
  };

  const identityWith = (rights: Pick<IdentityRights, "graph" | "azure">): Promise<Identity> =>
    portal.identityWith(rights);

  /** Deploys a stack of its own as an identity, and destroys it again. */
  const deployAs = async (as: Identity, more: object = {}): Promise<void> => {
    const root = await mkdtemp(join(tmpdir(), "rights-test-"));
    const folder = new SandboxFolder(join(root, "sandbox"));
    try {
      await folder.prepare();
      const config = join(root, "stack.yaml");
      await writeFile(
        config,
        stringify({
          config: {
            asOf: sandbox.asOf,
            clients: clientsNamed(`Gateway ${randomUUID()}`, more),
          },
        }),
      );
      await prepareWorkspace(folder.workspace, await readStackFile(config), sandbox.tenant.url);
      const engine = await startEngine({
        cli: await ensurePulumiCli(),
        folder,
        tenant: { ...sandbox.tenant, environment: { ...sandbox.tenant.environment, ...as.env } },
        providers: (["azuread", "azure-native"] as const).map((name) => ({
          name,
          version: "",
          kind: "stand-in",
          reason: "for this test",
        })),
      });
      try {
        await engine.stack.up();
        await engine.stack.preview({ expectNoChanges: true });
        await engine.stack.destroy();
      } finally {
        await engine.stop();
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  };

  it("shows ids, the condition limited to the roles in use, and the reasons, without any request", async () => {
    const before = sandbox.tenant.requests().length;
    const deploy = await rightsFor("deploy");
    assert.equal(sandbox.tenant.requests().length, before);
    assert.deepEqual(
      deploy.graph.map(({ permission, id, escalation }) => [permission, id, escalation]),
      [
        ["Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", false],
        ["Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884", false],
        ["DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a", true],
      ],
    );
    const [role, ...others] = deploy.azure;
    assert.deepEqual(others, []);
    assert.equal(role?.scope, seedResourceIds.dicomService);
    assert.equal(role.roleId, builtInRoleIds.roleBasedAccessControlAdministrator);
    assert.ok(role.escalation);
    assert.deepEqual(role.condition?.match(/[0-9a-f-]{36}/g), [
      builtInRoleIds.dicomDataReader,
      builtInRoleIds.dicomDataReader,
    ]);
    for (const { reasons } of [...deploy.graph, ...deploy.azure]) assert.ok(reasons.length > 0);
  });

  it("asks for less when the consent is left out, and for more when application permissions are granted", async () => {
    const { gateway } = clientsNamed("Gateway");
    const names = async (client: object): Promise<string[]> => {
      await sandbox.configure("clients", { gateway: { ...gateway, ...client } });
      try {
        return (await rightsFor("deploy")).graph.map(({ permission }) => permission);
      } finally {
        await sandbox.configure("clients", clientsNamed("Gateway"));
      }
    };
    assert.deepEqual(await names({ consent: "external" }), [
      "Application.Read.All",
      "Application.ReadWrite.OwnedBy",
    ]);
    assert.deepEqual(await names({ permissions: [{ api: "fhir", roles: ["system.all.read"] }] }), [
      "AppRoleAssignment.ReadWrite.All",
      "Application.Read.All",
      "Application.ReadWrite.OwnedBy",
      "DelegatedPermissionGrant.ReadWrite.All",
    ]);
  });

  it("needs only reading to watch over the stack", async () => {
    const { graph, azure } = await rightsFor("drift");
    assert.ok(graph.every(({ permission, escalation }) => !permission.includes("Write") && !escalation));
    assert.ok(
      azure.every(
        ({ actions, dataActions }) =>
          actions.every((one) => one.endsWith("/read")) && dataActions.length === 0,
      ),
    );
  });

  describe("is exactly what it takes to deploy", () => {
    it("with all of it, the stack is deployed, unchanged in a preview, and destroyed", async () => {
      const identity = await identityWith(await rightsFor("deploy"));
      assert.deepEqual(await check("deploy", identity), {
        code: 0,
        check: { principalId: identity.principalId, missing: [], excess: [] },
      });
      await deployAs(identity);
    });

    // Not proved here: Application.Read.All. The sandbox lets Application.ReadWrite.OwnedBy read all, as Microsoft Graph's
    // reference does; the azuread provider's documentation asks for it nevertheless.
    for (const permission of ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"]) {
      it(`without ${permission} it is refused`, async () => {
        const { graph, azure } = await rightsFor("deploy");
        const identity = await identityWith({
          graph: graph.filter((one) => one.permission !== permission),
          azure,
        });
        await assert.rejects(deployAs(identity), /403|Authorization_RequestDenied|Insufficient privileges/);
      });
    }

    it("without the Azure role it is refused", async () => {
      const { graph } = await rightsFor("deploy");
      const identity = await identityWith({ graph, azure: [] });
      await assert.rejects(deployAs(identity), /AuthorizationFailed|403/);
    });

    it("with a key vault, too: one custom role for it, without which it is refused", async () => {
      const vault = { vault: { id: seedResourceIds.keyVault, secretName: "rights-test" } };
      await sandbox.configure("clients", clientsNamed("Gateway", vault));
      let rights: IdentityRights;
      try {
        rights = await rightsFor("deploy");
      } finally {
        await sandbox.configure("clients", clientsNamed("Gateway"));
      }
      const ofVault = rights.azure.find(({ scope }) => scope === seedResourceIds.keyVault);
      assert.deepEqual(
        [ofVault?.roleId, ofVault?.actions, ofVault?.dataActions, ofVault?.escalation],
        [
          null,
          [
            "Microsoft.KeyVault/vaults/read",
            "Microsoft.KeyVault/vaults/secrets/read",
            "Microsoft.KeyVault/vaults/secrets/write",
          ],
          ["Microsoft.KeyVault/vaults/secrets/delete"],
          false,
        ],
      );
      await deployAs(await identityWith(rights), vault);
      const lesser = await identityWith({
        ...rights,
        azure: rights.azure.filter((role) => role !== ofVault),
      });
      await assert.rejects(deployAs(lesser, vault), /AuthorizationFailed|403/);
    });

    it("and the condition refuses any other role", async () => {
      const { azure } = await rightsFor("deploy");
      const [role] = azure;
      assert.ok(role);
      const other = {
        ...role,
        condition:
          role.condition?.replaceAll(builtInRoleIds.dicomDataReader, builtInRoleIds.dicomDataOwner) ?? null,
      };
      const { graph } = await rightsFor("deploy");
      const identity = await identityWith({ graph, azure: [other] });
      await assert.rejects(deployAs(identity), /ABAC condition not fulfilled|403/);
    });
  });

  describe("is exactly what it takes to watch over the stack", () => {
    const audit = async (as: Identity): Promise<{ code: number; report: AuditReport }> => {
      const run = await sandbox.on("audit", ["--format", "json"], as.env);
      return { code: run.code, report: JSON.parse(run.stdout) as AuditReport };
    };

    it("with all of it, audit is clean and verify passes; the calls are those that were counted on", async () => {
      const identity = await identityWith(await rightsFor("drift"));
      const { code, report } = await audit(identity);
      assert.equal(code, 0, JSON.stringify(report.coverage.gaps));
      const names = callsOfCommand.audit.map(({ name }) => name);
      assert.deepEqual(
        report.coverage.calls.map(({ call }) => call),
        [...new Set(names)].sort(),
      );
      const verified = await sandbox.on("verify", [], identity.env);
      assert.equal(verified.code, 0);
      assert.ok(!verified.stdout.includes("skip "), verified.stdout);
      assert.equal((await check("drift", identity)).code, 0);
    });

    it("without any one of it, audit is incomplete", async () => {
      const { graph, azure } = await rightsFor("drift");
      const lesser = [
        ...graph.map(({ permission }) => ({
          graph: graph.filter((one) => one.permission !== permission),
          azure,
        })),
        ...azure.flatMap((role) =>
          role.actions
            .filter((action) => action.startsWith("Microsoft.Authorization/"))
            .map((action) => ({
              graph,
              azure: azure.map((one) =>
                one === role
                  ? {
                      ...one,
                      role: `less ${randomUUID()}`,
                      actions: one.actions.filter((other) => other !== action),
                    }
                  : one,
              ),
            })),
        ),
      ];
      assert.ok(lesser.length >= 4);
      for (const rights of lesser) {
        const { code } = await audit(await identityWith(rights));
        assert.equal(code, 1, JSON.stringify(rights));
      }
    });
  });

  describe("--check", () => {
    it("names what is in excess: here the broad rights of the seeded pipeline", async () => {
      const { code, check: found } = await check("deploy", { principalId: "", env: {} });
      assert.equal(code, 7);
      assert.equal(found.principalId, seed.pipeline.servicePrincipalId);
      assert.deepEqual(found.missing, []);
      assert.deepEqual(found.excess, [
        `Contributor at ${seedResourceIds.subscription}: it is not needed, or allows more than is needed`,
        `Role Based Access Control Administrator at ${seedResourceIds.subscription}: it is not needed, or allows more than is needed`,
      ]);
    });

    it("names what is missing, of another identity, too", async () => {
      const identity = await identityWith({ graph: [], azure: [] });
      const run = await sandbox.on("rights", ["--check", "--identity", identity.principalId]);
      assert.equal(run.code, 7);
      assert.match(run.stdout, /missing {2}Microsoft Graph: Application\.ReadWrite\.OwnedBy \(18a4783c/);
      assert.match(
        run.stdout,
        /missing {2}Role Based Access Control Administrator at .*roleAssignments\/delete/,
      );
      assert.match(run.stdout, /ESCALATION/);
    });

    it("ends with 1 when the identity cannot be read", async () => {
      const identity = await identityWith({ graph: [], azure: [] });
      const run = await sandbox.on("rights", ["--check"], identity.env);
      assert.equal(run.code, 1);
      assert.match(
        run.stderr,
        /Cure: You need the Microsoft Graph application permission Application\.Read\.All/,
      );
    });
  });

  it("writes commands that name every right, with texts quoted for a shell", async () => {
    const run = await sandbox.on("rights", ["--for", "deploy", "--format", "commands"]);
    const { graph, azure } = await rightsFor("deploy");
    for (const { id } of graph) assert.ok(run.stdout.includes(id));
    assert.match(run.stdout, /^#!\/bin\/sh\n/);
    assert.match(run.stdout, new RegExp(`^assign '${azure[0]?.roleId}' '${azure[0]?.scope}'`, "m"));
    assert.match(run.stdout, /--condition '\(\(!\(ActionMatches\{'\\''Microsoft/);
  });
});
