import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditReport } from "../audit/auditReport";
import { calls, callsOf, dicomDataActions } from "../cloud/calls";
import type { CloudCall } from "../cloud/call";
import { optionalLookups } from "../rights/providerCalls";
import { notLookedAtByRightsCheck, type RightsCheck } from "../rights/rightsCheck";
import type { IdentityRights, RightsReport } from "../rights/rightsReport";
import {
  builtInRoleIds,
  ensurePulumiCli,
  type QuickStack,
  removeAppRole,
  SandboxFolder,
  startEngine,
} from "entra-sandbox";
import {
  Administrator,
  declareStack,
  DeployedSandbox,
  type Identity,
  makeCertificate,
  type OperationRun,
  project,
  readerAccess,
  seed,
  seedResourceIds,
  standIns,
} from "lab";

/** A right that an identity holds and can be without for a while. */
interface TakeableRight {
  /** Of the permission, the action or the data action. */
  readonly name: string;
  /** Where it is held; nowhere for a permission in Graph. */
  readonly scope?: string;
  readonly without: (work: () => Promise<unknown>) => Promise<void>;
}

const clientsNamed = (displayName: string, more: object = {}): Record<string, object> => ({
  gateway: {
    displayName,
    access: [readerAccess],
    secret: { from: "2026-06-01", lifetimeDays: 100, overlapDays: 40 },
    federatedCredentials: [
      {
        name: "github",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso@123456/pacs@456789:environment:dev",
      },
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

  /** An identity with exactly these rights, each of which can be taken away for a while. */
  const identityWithEach = async (
    rights: IdentityRights,
  ): Promise<{ readonly identity: Identity; readonly each: readonly TakeableRight[] }> => {
    const identity = await identityWith({ graph: rights.graph, azure: [] });
    const { principalId } = identity;
    const each = rights.graph.map(({ permission }): TakeableRight => ({
      name: permission,
      async without(work) {
        await removeAppRole(portal, principalId, permission);
        try {
          await work();
        } finally {
          await portal.grantGraphPermission(principalId, permission);
        }
      },
    }));
    for (const needed of rights.azure) {
      const definition = randomUUID();
      const role = { ...needed, role: `Exactly ${definition}` };
      await portal.defineRole(definition, role);
      await portal.assignDefinition(definition, role, principalId);
      for (const name of [...role.actions, ...role.dataActions]) {
        const others = (all: readonly string[]): readonly string[] => all.filter((one) => one !== name);
        each.push({
          name,
          scope: role.scope,
          async without(work) {
            const { actions, dataActions } = role;
            await portal.defineRole(definition, {
              role: role.role,
              actions: others(actions),
              dataActions: others(dataActions),
            });
            try {
              await work();
            } finally {
              await portal.defineRole(definition, role);
            }
          },
        });
      }
    }
    return { identity, each };
  };

  /** What `rights` says when a client is configured like this: the one that is deployed, or a new one instead. */
  const rightsOf = async (
    purpose: "deploy" | "drift",
    config: object,
    name = "gateway",
  ): Promise<IdentityRights> => {
    const { gateway } = clientsNamed("Gateway", config);
    await sandbox.configure("clients", { [name]: gateway });
    try {
      return await rightsFor(purpose);
    } finally {
      await sandbox.configure("clients", clientsNamed("Gateway"));
    }
  };

  /** Why the tenant has refused something meanwhile. */
  const refusals = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    const known = new Set(sandbox.tenant.requests().map(({ requestId }) => requestId));
    await work();
    return sandbox.tenant
      .requests()
      .filter(({ requestId, status }) => status === 403 && !known.has(requestId))
      .map(({ reason }) => reason ?? "");
  };

  /** Works on a stack of its own as an identity; `declare` writes what the gateway is to be like. */
  const withStackOf = async (
    as: Identity,
    work: (stack: QuickStack, declare: (more: object) => Promise<void>) => Promise<unknown>,
  ): Promise<void> => {
    const root = await mkdtemp(join(tmpdir(), "rights-test-"));
    const folder = new SandboxFolder(join(root, "sandbox"));
    const displayName = `Gateway ${randomUUID()}`;
    const declare = (more: object): Promise<void> =>
      declareStack(folder.workspace, sandbox, clientsNamed(displayName, more));
    try {
      await folder.prepare();
      await declare({});
      const engine = await startEngine({
        cli: await ensurePulumiCli(),
        project,
        folder,
        tenant: { ...sandbox.tenant, environment: { ...sandbox.tenant.environment, ...as.env } },
        providers: standIns,
      });
      try {
        await work(engine.stack, declare);
      } finally {
        await engine.stop();
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  };

  /** Deploys a stack of its own as an identity, and destroys it again. */
  const deployAs = (as: Identity): Promise<void> =>
    withStackOf(as, async (stack) => {
      await stack.up();
      await stack.preview({ expectNoChanges: true });
      await stack.destroy();
    });

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
        ["Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", false],
        ["Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68", false],
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

  it("asks for less when no consent was ever given, and for more when application permissions are granted", async () => {
    const ofPreflight = ["Application.Read.All", "Organization.Read.All", "Policy.Read.All"];
    const names = async (client: object, name?: string): Promise<string[]> =>
      (await rightsOf("deploy", client, name)).graph
        .map(({ permission }) => permission)
        .filter((permission) => !ofPreflight.includes(permission));
    // The consent that is there has to be taken back.
    assert.deepEqual(await names({ consent: "external" }), [
      "Application.ReadWrite.OwnedBy",
      "DelegatedPermissionGrant.ReadWrite.All",
    ]);
    await sandbox.editState((state) => state.replaceAll("DelegatedPermissionGrant:", "Nothing:"));
    try {
      assert.deepEqual(await names({ consent: "external" }), ["Application.ReadWrite.OwnedBy"]);
    } finally {
      await sandbox.editState((state) => state.replaceAll("Nothing:", "DelegatedPermissionGrant:"));
    }
    assert.deepEqual(await names({ permissions: [{ api: "fhir", roles: ["system.all.read"] }] }), [
      "AppRoleAssignment.ReadWrite.All",
      "Application.ReadWrite.OwnedBy",
      "DelegatedPermissionGrant.ReadWrite.All",
    ]);
  });

  it("needs only reading to watch over the stack, but where documentation is contested", async () => {
    const { graph, azure, cautious, otherReading, contested } = await rightsFor("drift");
    assert.deepEqual(
      graph.map(({ permission, escalation, contested: isContested }) => [
        permission,
        escalation,
        isContested,
      ]),
      [
        ["Application.Read.All", false, false],
        ["Application.ReadWrite.All", true, true],
        ["Directory.Read.All", false, true],
        ["Policy.Read.All", false, false],
      ],
    );
    assert.deepEqual(otherReading, {
      reading: "lenient",
      graph: [
        "Application.Read.All",
        "DelegatedPermissionGrant.Read.All",
        "Organization.Read.All",
        "Policy.Read.All",
      ],
    });
    // What the script gives without being asked for more.
    assert.deepEqual(cautious, ["Application.Read.All", "Directory.Read.All", "Policy.Read.All"]);
    assert.deepEqual(
      contested.map(({ call }) => call),
      [
        "GET /applications/{id}/federatedIdentityCredentials/{credentialId}",
        "GET /oauth2PermissionGrants/{grantId}",
        "GET /servicePrincipals/{id}/oauth2PermissionGrants",
      ],
    );
    for (const { says, sources } of contested) assert.ok(says.length > 0 && sources.length > 0);
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
      const { code, check: found } = await check("deploy", identity);
      assert.equal(code, 7);
      assert.deepEqual(
        found.missing.map((one) => one.replace(/[0-9a-f-]{36}/, "…")),
        ["application", "service principal"].map(
          (kind) =>
            `Ownership of the ${kind} … (client gateway), without which its permissions for owned objects do not count`,
        ),
      );
      await deployAs(identity);
      const ids = found.missing.map((one) => /[0-9a-f-]{36}/.exec(one)?.[0] ?? "");
      const owners = [`applications/${ids[0] ?? ""}/owners`, `servicePrincipals/${ids[1] ?? ""}/owners`];
      for (const path of owners) {
        await portal.graph("POST", `${path}/$ref`, {
          "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${identity.principalId}`,
        });
      }
      assert.deepEqual(await check("deploy", identity), {
        code: 0,
        check: {
          ...{
            principalId: identity.principalId,
            missing: [],
            excess: [],
            unknown: [],
            notes: [],
            notLookedAt: notLookedAtByRightsCheck,
          },
        },
      });
      for (const path of owners) await portal.graph("DELETE", `${path}/${identity.principalId}/$ref`);
    });

    it("and a key vault needs a custom role of its own", async () => {
      const rights = await rightsOf("deploy", {
        vault: { id: seedResourceIds.keyVault, secretName: "rights-test" },
      });
      const ofVault = rights.azure.find(({ scope }) => scope === seedResourceIds.keyVault);
      assert.deepEqual(
        [ofVault?.roleId, ofVault?.actions, ofVault?.dataActions, ofVault?.escalation],
        [
          null,
          [
            "Microsoft.Authorization/roleAssignments/read",
            "Microsoft.Authorization/roleDefinitions/read",
            "Microsoft.KeyVault/vaults/read",
            "Microsoft.KeyVault/vaults/secrets/read",
            "Microsoft.KeyVault/vaults/secrets/write",
          ],
          [
            "Microsoft.KeyVault/vaults/secrets/delete",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
          ],
          false,
        ],
      );
    });

    it("without any one of it, a stack that uses everything is refused", async function () {
      this.timeout(240_000);
      const customRole = randomUUID();
      await portal.defineRole(customRole, {
        role: `Reads images ${customRole}`,
        actions: [],
        dataActions: [dicomDataActions.read],
      });
      const { pem } = await makeCertificate("2026-01-01T00:00:00Z", "2027-09-01T00:00:00Z");
      const everything = (secretName: string): object => ({
        access: [{ ...readerAccess, role: customRole }],
        consent: "managed",
        owners: [seed.secondOwnerId],
        permissions: [{ api: "fhir", roles: ["system.all.read"] }],
        certificates: [{ name: "modality", pem }],
        // A vault keeps the names of deleted secrets.
        vault: { id: seedResourceIds.keyVault, secretName },
      });
      const { identity, each } = await identityWithEach(
        await rightsOf("deploy", everything("rights"), "new"),
      );
      const toRemove = [
        "Microsoft.Authorization/roleAssignments/delete",
        "Microsoft.KeyVault/vaults/secrets/delete",
      ];
      const ofPreflight = [
        "Policy.Read.All",
        "Microsoft.KeyVault/vaults/read",
        "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
      ];
      const optional = optionalLookups.flatMap(({ least }) => least);
      const refused: string[] = [];
      await withStackOf(identity, async (stack, declare) => {
        for (const [index, { name, scope, without }] of each.entries()) {
          // At the vault, what reads roles is there for preflight alone.
          const isOfPreflight =
            ofPreflight.includes(name) ||
            (scope === seedResourceIds.keyVault && /\/role.*\/read$/.test(name));
          if (isOfPreflight) continue;
          await declare(everything(`rights-${index}`));
          const isToRemove = toRemove.includes(name);
          if (isToRemove) await stack.up();
          const refusedFor = await refusals(() =>
            without(() =>
              assert.rejects(isToRemove ? stack.destroy() : stack.up(), `nothing is refused without ${name}`),
            ),
          );
          // What the program asks to foretell refusals, and goes on without, is no part of the rights.
          const reasons = refusedFor.filter((reason) => !optional.some((action) => reason.includes(action)));
          assert.ok(
            reasons.length > 0 && reasons.every((reason) => reason.includes(name)),
            `without ${name}: ${reasons.join("; ")}`,
          );
          refused.push(name);
          await stack.destroy();
        }
        await declare(everything("rights-all"));
        await stack.up();
        await stack.preview({ expectNoChanges: true });
        await stack.destroy();
      });
      assert.deepEqual(refused.sort(), [
        "AppRoleAssignment.ReadWrite.All",
        "Application.Read.All",
        "Application.ReadWrite.OwnedBy",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Microsoft.Authorization/roleAssignments/delete",
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/roleDefinitions/read",
        "Microsoft.KeyVault/vaults/secrets/delete",
        "Microsoft.KeyVault/vaults/secrets/read",
        "Microsoft.KeyVault/vaults/secrets/write",
        "User.Read.All",
      ]);
    });

    it("and what preflight reads of it is said to be unread without each", async () => {
      const vault = { id: seedResourceIds.keyVault, secretName: "preflight-test" };
      const { gateway } = clientsNamed("Another", { vault });
      await sandbox.configure("clients", { ...clientsNamed("Gateway"), another: gateway });
      try {
        const { identity, each } = await identityWithEach(await rightsFor("deploy"));
        const unread = async (): Promise<{ readonly code: number; readonly text: string }> => {
          const { code, stdout } = await sandbox.on("preflight", [], identity.env);
          return { code, text: stdout };
        };
        const all = await unread();
        assert.equal(all.code, 0, all.text);
        for (const { name, without } of each.filter((one) =>
          [
            "Organization.Read.All",
            "Policy.Read.All",
            "Microsoft.KeyVault/vaults/read",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
          ].includes(one.name),
        )) {
          await without(async () => {
            const { code, text } = await unread();
            assert.equal(code, 1, `${name}: ${text}`);
            assert.ok(text.includes(name), `${name}: ${text}`);
          });
        }
      } finally {
        await sandbox.configure("clients", clientsNamed("Gateway"));
      }
    });

    it("and a role is taken away whose scope has left the configuration, with the right that the state asks for", async () => {
      const identity = await identityWith(await rightsFor("deploy"));
      const { azure } = await rightsOf("deploy", { access: [] });
      await withStackOf(identity, async (stack, declare) => {
        await stack.up();
        for (const { id } of await portal.rolesOf(seedResourceIds.dicomService, identity.principalId)) {
          await portal.removeRole(id);
        }
        await declare({ access: [] });
        await assert.rejects(stack.up(), /roleAssignments\/(read|delete)/);
        for (const role of azure)
          await portal.assignDefinition(role.roleId ?? "", role, identity.principalId);
        await stack.up();
        await stack.preview({ expectNoChanges: true });
        await declare({});
        await assert.rejects(stack.up(), /ABAC condition not fulfilled/);
        await declare({ access: [] });
        await stack.destroy();
      });
    });

    it("and owners are added to what exists, with every one of the rights that documentation asks for", async () => {
      const owners = [seed.secondOwnerId];
      const rights = await rightsOf("deploy", { owners });
      assert.deepEqual(
        rights.graph.map(({ permission, contested }) => [permission, contested]),
        [
          ["Application.Read.All", false],
          ["Application.ReadWrite.All", true],
          ["DelegatedPermissionGrant.ReadWrite.All", false],
          ["Directory.Read.All", true],
          ["Policy.Read.All", false],
        ],
      );
      const { identity, each } = await identityWithEach(rights);
      const adding = ["Application.ReadWrite.All", "Directory.Read.All"];
      await withStackOf(identity, async (stack, declare) => {
        await stack.up();
        await declare({ owners });
        for (const { name, without } of each.filter((one) => adding.includes(one.name))) {
          const reasons = await refusals(() => without(() => assert.rejects(stack.up(), name)));
          assert.ok(reasons.length > 0 && reasons.every((reason) => reason.includes(name)), reasons.join());
        }
        await stack.up();
        await stack.destroy();
      });
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
      // For what the state has lost, for certificates, managed identities and what policies are attached to, of which there are none here.
      const spared: readonly CloudCall[] = [
        calls.applicationsByClientId,
        calls.createdObjects,
        calls.certificates,
        calls.principalCertificates,
        calls.identityCredentials,
        calls.appManagementPolicyTargets,
        calls.claimsMappingPolicyTargets,
        calls.homeRealmDiscoveryPolicyTargets,
        calls.tokenIssuancePolicyTargets,
        calls.tokenLifetimePolicyTargets,
      ];
      const names = callsOf("audit")
        .filter((call) => !spared.includes(call))
        .map(({ name }) => name);
      assert.deepEqual(
        report.coverage.calls.map(({ call }) => call),
        [...new Set(names)].sort(),
      );
      const verified = await sandbox.on("verify", [], identity.env);
      assert.equal(verified.code, 0);
      assert.deepEqual(verified.stdout.replace(/\s+/g, " ").match(/ skip [^:]*: [^.]*\./g), [
        " skip credential Not tried: run it where the consumer runs, or pass a token of its issuer with --federated-token.",
      ]);
      assert.doesNotMatch(verified.stdout, /is (not known|unknown)/);
      assert.equal((await check("drift", identity)).code, 0);
    });

    it("without any one of it, a command or a refresh is refused", async function () {
      this.timeout(180_000);
      const watched = clientsNamed("Gateway", {
        access: [{ workspace: seedResourceIds.workspace, role: "reader" }],
        vault: { id: seedResourceIds.keyVault, secretName: "watched", export: false },
      });
      await sandbox.redeploy(watched);
      // What a policy is attached to is asked of each that there is.
      const policy = await portal.graph("POST", "policies/appManagementPolicies", {
        displayName: "Of others",
        description: "Attached to nothing",
      });
      try {
        const { identity, each: all } = await identityWithEach(await rightsFor("drift"));
        // Preflight asks for deleted secrets when a client is new, and here none is.
        const each = all.filter(({ name }) => !name.endsWith("readMetadata/action"));
        const ways: readonly (() => Promise<unknown>)[] = [
          async () => {
            const { code, report } = await audit(identity);
            assert.equal(code, report.coverage.gaps.length > 0 ? 1 : 0);
          },
          () => sandbox.on("verify", [], identity.env),
          () => sandbox.previewRefreshAs(identity.env).catch(() => undefined),
        ];
        /** Whether something is refused, and for nothing but this right. */
        const isRefused = async (way: () => Promise<unknown>, name: string): Promise<boolean> => {
          const reasons = await refusals(way);
          return reasons.length > 0 && reasons.every((reason) => reason.includes(name));
        };
        const refused: string[] = [];
        for (const { name, without } of each) {
          await without(async () => {
            for (const way of ways) {
              if (!(await isRefused(way, name))) continue;
              refused.push(name);
              break;
            }
          });
        }
        assert.deepEqual(
          refused,
          each.map(({ name }) => name),
        );
        assert.ok(refused.length >= 8, refused.join());
        assert.equal((await audit(identity)).code, 0);
        const verified = await sandbox.on("verify", [], identity.env);
        assert.equal(verified.code, 0, verified.stdout);
        assert.ok(!verified.stdout.includes("skip  role"), verified.stdout);
        await sandbox.previewRefreshAs(identity.env);
      } finally {
        await portal.graph("DELETE", `policies/appManagementPolicies/${String(policy["id"])}`);
        await sandbox.redeploy(clientsNamed("Gateway"));
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
        `Contributor at ${seedResourceIds.subscription}: not needed, or allows more than is needed`,
        "Microsoft Graph: User.Read.All: not needed, or allows more than is needed",
        `Role Based Access Control Administrator at ${seedResourceIds.subscription}: not needed, or allows more than is needed`,
      ]);
    });

    it("names what is missing, of another identity, too", async () => {
      const identity = await identityWith({ graph: [], azure: [] });
      const run = await sandbox.on("rights", ["--check", "--identity", identity.principalId]);
      assert.equal(run.code, 7);
      const text = run.stdout.replace(/\s+/g, " ");
      assert.match(text, /missing Microsoft Graph: Application\.ReadWrite\.OwnedBy \(18a4783c/);
      assert.match(text, /missing Role Based Access Control Administrator at .*roleAssignments\/delete/);
      assert.match(run.stdout, /ESCALATION/);
    });

    it("says of an id that it is no service principal's", async () => {
      for (const id of [seed.secondOwnerId, "11111111-1111-4111-8111-111111111111"]) {
        const { code, stdout, stderr } = await sandbox.on("rights", ["--check", "--identity", id]);
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(
          stderr,
          /^There is no service principal .*\nCause: Its object id is needed.*\nFix: Look it up: /m,
        );
      }
    });

    it("ends with 1 when the identity cannot be read, with every refusal and every right that is missing", async () => {
      const identity = await identityWith({ graph: [], azure: [] });
      const run = await sandbox.on("rights", ["--check"], identity.env);
      assert.equal(run.code, 1);
      assert.equal(run.stdout, "");
      assert.match(run.stderr, /^Not everything that the identity holds could be read\.$/m);
      assert.match(
        run.stderr,
        /^Cause: graph\.appRoles: 403 (.*\n)+resourceManager\.roleAssignmentsOfPrincipal: 403 /m,
      );
      assert.match(
        run.stderr,
        /^Fix: You need the Microsoft Graph application permission Application\.Read\.All and an Azure role with the action Microsoft\.Authorization\/roleAssignments\/read\.$/m,
      );
    });
  });

  it("gives the same output for the same input, in every format", async () => {
    for (const format of ["text", "json", "commands"]) {
      const write = (): Promise<OperationRun> => sandbox.on("rights", ["--format", format]);
      const [one, other] = [await write(), await write()];
      assert.deepEqual(one, other);
      assert.equal(one.code, 0);
    }
  });

  it("writes commands that name every right, with texts quoted for a shell", async () => {
    const run = await sandbox.on("rights", ["--for", "deploy", "--format", "commands"]);
    const { graph, azure } = await rightsFor("deploy");
    for (const { id } of graph) assert.ok(run.stdout.includes(id));
    assert.match(run.stdout, /^#!\/bin\/sh\n/);
    const reader = builtInRoleIds.dicomDataReader;
    assert.match(
      run.stdout,
      new RegExp(`^limit '${azure[0]?.roleId}' '${azure[0]?.scope}' '${reader}' '${reader}'$`, "m"),
    );
  });
});
