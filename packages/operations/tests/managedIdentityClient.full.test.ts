import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { builtInRoleIds, seed, seedResourceIds } from "entra-sandbox";
import { Administrator, DeployedSandbox, type OperationRun, readerAccess, send } from "lab";
import type { AuditReport } from "../audit/auditReport";
import type { RightsReport } from "../rights/rightsReport";
import type { Verification } from "../verify/verification";

const asOf = "2026-08-30";

/** A user-assigned identity that the administrator has made. */
interface Identity {
  readonly tenantId: string;
  readonly principalId: string;
  readonly clientId: string;
}

describe("ops on a client that is a managed identity", function () {
  this.timeout(120_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;
  let identity: Identity;
  let client: Readonly<Record<string, unknown>>;

  const resourceOf = (name: string): string =>
    `${seedResourceIds.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  const make = async (name: string): Promise<Identity> => {
    const id = resourceOf(name);
    const made = (await portal.azure("PUT", id, { location: seed.location })) as {
      readonly properties: Identity;
    };
    return made.properties;
  };
  const clientOf = (of: Identity): Readonly<Record<string, unknown>> => ({
    displayName: "Gateway",
    application: "none",
    access: [readerAccess],
    runsOn: { managedIdentity: of },
  });
  const audit = async (
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ run: OperationRun; report: AuditReport; found: string[] }> => {
    const run = await sandbox.on("audit", ["--format", "json"], env);
    const report = JSON.parse(run.stdout) as AuditReport;
    return { run, report, found: report.findings.map(({ rule, object }) => `${rule} ${object}`) };
  };
  const environment = async (): Promise<Readonly<Record<string, string>>> => {
    const { json } = await sandbox.tenant.control("GET", "places");
    return (json as Readonly<Record<string, Readonly<Record<string, string>>>>)["managedIdentity"] ?? {};
  };
  const verify = async (
    env: Readonly<Record<string, string>>,
    ...argv: readonly string[]
  ): Promise<{ run: OperationRun; gateway: Verification["clients"][number] }> => {
    const run = await sandbox.on("verify", ["--format", "json", ...argv], env);
    const [gateway = assert.fail(run.stderr)] = (JSON.parse(run.stdout) as Verification).clients;
    return { run, gateway };
  };

  before(async () => {
    sandbox = await DeployedSandbox.empty(asOf);
    portal = new Administrator(sandbox.tenant);
    identity = await make("gateway");
    client = clientOf(identity);
  });
  after(() => sandbox?.stop());

  describe("before it is deployed", () => {
    it("audit says so, and reports what the identity has already", async () => {
      await sandbox.configure("clients", { gateway: client });
      assert.deepEqual((await audit()).found, ["client-not-deployed clients.gateway"]);
      const role = await portal.assignRole(
        seedResourceIds.dicomService,
        builtInRoleIds.dicomDataOwner,
        identity.principalId,
      );
      assert.deepEqual((await audit()).found.sort(), [
        `azure-role-undeclared ${role}`,
        "client-not-deployed clients.gateway",
      ]);
      await portal.removeRole(role);
    });

    it("preflight finds nothing in the way of an identity with the right ids, and names what is wrong with others", async () => {
      const problems = async (of: Identity): Promise<readonly [string, string][]> => {
        await sandbox.configure("clients", { gateway: clientOf(of) });
        const { stdout, stderr } = await sandbox.on("preflight", ["--format", "json"]);
        assert.notEqual(stdout, "", stderr);
        const { obstacles } = JSON.parse(stdout) as { obstacles: { kind: string; path: string }[] };
        return obstacles.map(({ kind, path }) => [kind, path]);
      };
      const path = "clients.gateway.runsOn.managedIdentity";
      assert.deepEqual(await problems({ ...identity, principalId: seed.secondOwnerId }), [
        ["identity-mismatch", `${path}.principalId`],
      ]);
      assert.deepEqual(await problems({ ...identity, principalId: seed.pipeline.servicePrincipalId }), [
        ["identity-mismatch", `${path}.principalId`],
      ]);
      assert.deepEqual(await problems({ ...identity, clientId: seed.pipeline.appId }), [
        ["identity-mismatch", `${path}.clientId`],
      ]);
      assert.deepEqual(await problems(identity), []);
    });

    it("verify and handover say that it is not deployed", async () => {
      const { run, gateway } = await verify(await environment());
      assert.deepEqual([run.code, gateway.verdict], [1, "fails"]);
      const handover = await sandbox.on("handover", ["--for", "env"]);
      assert.equal(handover.code, 1);
      assert.match(handover.stderr, /gateway has not been deployed yet/);
    });

    it("rights needs nothing of Microsoft Graph but to read the identity, and nothing of Azure but to assign the role", async () => {
      const run = await sandbox.on("rights", ["--format", "json", "--for", "deploy"]);
      const [deploy] = (
        JSON.parse(run.stdout) as {
          identities: {
            graph: { permission: string; reasons: string[] }[];
            azure: { role: string; scope: string }[];
          }[];
        }
      ).identities;
      assert.deepEqual(
        deploy?.graph.map(({ permission }) => permission),
        ["Application.Read.All"],
      );
      assert.deepEqual(
        deploy?.azure.map(({ role, scope }) => [role, scope]),
        [["Role Based Access Control Administrator", seedResourceIds.dicomService]],
      );
    });
  });

  describe("once it is deployed", () => {
    before(() => sandbox.redeploy({ gateway: client }));

    it("has the role, and nothing was made in Entra", async () => {
      const requests = sandbox.tenant.requests();
      assert.deepEqual(
        requests
          .filter(({ method, operation }) => method !== "GET" && /^graph\.(?!batch)/.test(operation ?? ""))
          .map(({ operation }) => operation),
        [],
      );
      const { gateway } = await sandbox.clients();
      assert.deepEqual(
        [gateway?.["clientId"], gateway?.["servicePrincipalId"], gateway?.["objectId"]],
        [identity.clientId, identity.principalId, undefined],
      );
    });

    it("is clean for an audit, which says what it does not look at", async () => {
      const { run, report, found } = await audit();
      assert.deepEqual([found, report.verdict, run.code], [[], "clean", 0], run.stderr);
      assert.deepEqual(report.clients, [
        {
          name: "gateway",
          clientId: identity.clientId,
          objectId: null,
          servicePrincipalId: identity.principalId,
        },
      ]);
      assert.deepEqual(report.credentials, []);
      assert.match(run.stdout, /resources that managed identities are assigned to/);
      assert.deepEqual(
        report.coverage.calls.filter(({ call }) => /federatedCredentials|identityCredentials/.test(call)),
        [
          {
            call: "resourceManager.identityCredentials",
            ...{ asked: 1, read: 1, denied: 0, throttled: 0, failed: 0 },
          },
        ],
      );
    });

    it("verify proves it by the token of the place that has the identity", async () => {
      const { run, gateway } = await verify(await environment());
      assert.deepEqual(
        [run.code, gateway.verdict, gateway.credentials.map(({ kind, name, tried }) => [kind, name, tried])],
        [0, "works", [["managed-identity", identity.principalId, true]]],
        run.stdout + run.stderr,
      );
      assert.deepEqual(
        gateway.credentials[0]?.stages.filter(({ outcome }) => outcome !== "passed"),
        [],
      );
    });

    it("verify tries nothing elsewhere and says how to, or takes a token that is handed over", async () => {
      const elsewhere = await verify({});
      assert.deepEqual([elsewhere.run.code, elsewhere.gateway.verdict], [7, "untried"]);
      assert.match(elsewhere.run.stdout, /IDENTITY_ENDPOINT.*--federated-token/);
      const tokenFor = async (resource: string): Promise<string> => {
        const { IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "" } = await environment();
        const url = `${IDENTITY_ENDPOINT}?resource=${encodeURIComponent(resource)}&client_id=${identity.clientId}`;
        const answer = await send(url, sandbox.tenant.caFile, "GET", {
          headers: { "x-identity-header": IDENTITY_HEADER },
        });
        return answer.expect(200).textAt("access_token");
      };
      const file = join(sandbox.projectFolder, "..", "..", "identity-token");
      try {
        await writeFile(file, await tokenFor("https://dicom.healthcareapis.azure.com"));
        assert.equal((await verify({}, "--federated-token", file)).gateway.verdict, "works");
        await writeFile(file, await tokenFor("https://management.azure.com"));
        const other = await sandbox.on("verify", ["--federated-token", file]);
        assert.equal(other.code, 1);
        assert.match(other.stderr, /does not match any federated credential or managed identity/);
        assert.match(
          other.stderr,
          new RegExp(`the managed identity of gateway: object id "${identity.principalId}"`),
        );
      } finally {
        await rm(file);
      }
    });

    it("status shows no credential, retire finds none, map shows the identity", async () => {
      const status = await sandbox.on("status", ["--format", "json", "--last-used"]);
      const { clients, needsAttention } = JSON.parse(status.stdout) as {
        clients: readonly object[];
        needsAttention: boolean;
      };
      assert.deepEqual(
        [clients, needsAttention],
        [[{ name: "gateway", clientId: identity.clientId, credentials: [] }], false],
      );
      const retire = await sandbox.on("retire");
      assert.deepEqual([retire.code, /There are none/.test(retire.stdout)], [0, true], retire.stdout);
      const map = await sandbox.on("map");
      assert.equal(map.code, 0, map.stderr);
      assert.match(map.stdout, /managed identity gateway/);
      assert.match(map.stdout, /Everything here is declared\./);
    });

    it("rights --check holds the deploying identity against what this takes", async () => {
      const run = await sandbox.on("rights", ["--check", "--format", "json"]);
      const { check } = JSON.parse(run.stdout) as { check: { missing: readonly string[] } };
      assert.deepEqual(check.missing, [], run.stdout);
    });

    it("handover gives what a consumer with the identity needs, and no more", async () => {
      const { code, stdout, stderr } = await sandbox.on("handover", ["--for", "env"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(
        [...stdout.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name),
        ["AZURE_CLIENT_ID", "DICOM_SCOPE", "DICOMWEB_URL"],
      );
      for (const [target, said] of [
        ["kubernetes", /remove application: none, and name the cluster under runsOn\.aks/],
        ["external-secrets", /is a managed identity and has no secret/],
      ] as const) {
        const refused = await sandbox.on("handover", ["--for", target]);
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, said);
      }
    });

    it("adopt refuses an identity by either id, and says what to write", async () => {
      for (const id of [identity.principalId, identity.clientId]) {
        const { code, stderr } = await sandbox.on("adopt", [id]);
        assert.equal(code, 1);
        assert.match(stderr, /"gateway" is a managed identity, which has no application to adopt\./);
        assert.match(stderr, /application: none/);
      }
    });

    it("audit reports whatever else the identity has, and the verify that it may do more", async () => {
      const role = await portal.assignRole(
        seedResourceIds.workspace,
        builtInRoleIds.dicomDataOwner,
        identity.principalId,
      );
      const permission = await portal.grantGraphPermission(identity.principalId, "User.Read.All");
      const { secretText: _, keyId } = await portal.graph(
        "POST",
        `servicePrincipals/${identity.principalId}/addPassword`,
        {},
      );
      try {
        const { run, found } = await audit();
        assert.equal(run.code, 7);
        assert.deepEqual(
          found.sort(),
          [
            `app-role-undeclared ${permission}`,
            `azure-role-undeclared ${role}`,
            `principal-secret ${String(keyId)}`,
          ].sort(),
        );
        const { gateway } = await verify(await environment());
        assert.equal(gateway.verdict, "fails");
        assert.ok(
          gateway.credentials.some(({ stages }) =>
            stages.some(({ problem }) => problem === "more-than-declared"),
          ),
        );
      } finally {
        await portal.removeRole(role);
        await portal.graph(
          "DELETE",
          `servicePrincipals/${identity.principalId}/appRoleAssignments/${permission}`,
        );
        await portal.graph("POST", `servicePrincipals/${identity.principalId}/removePassword`, { keyId });
      }
      assert.deepEqual((await audit()).found, []);
    });

    it("audit reports whose tokens the identity trusts, and so does the map", async () => {
      const list = `${resourceOf("gateway")}/federatedIdentityCredentials`;
      const [issuer, audiences] = [
        "https://token.actions.githubusercontent.com",
        ["api://AzureADTokenExchange"],
      ];
      const expression = "claims['sub'] matches 'repo:evil@6/*' and claims['repository_owner_id'] eq '6'";
      const put = async (name: string, properties: object): Promise<unknown> =>
        portal.azure(
          "PUT",
          `${list}/${name}`,
          { properties: { issuer, audiences, ...properties } },
          "2025-01-31-preview",
        );
      await put("by-subject", { subject: "repo:evil/pacs:ref:refs/heads/main" });
      await put("by-claims", { claimsMatchingExpression: { value: expression, languageVersion: 1 } });
      try {
        const { run, report, found } = await audit();
        assert.equal(run.code, 7, run.stderr);
        assert.deepEqual(found, [
          `federated-credential-undeclared ${list}/by-claims`,
          `federated-credential-undeclared ${list}/by-subject`,
          `federated-claims-broad ${list}/by-claims`,
          `federated-subject-recyclable ${list}/by-subject`,
        ]);
        const [byClaims, bySubject] = report.findings;
        assert.equal(byClaims?.severity, "critical");
        assert.match(byClaims.detail, /"by-claims": .*repo:evil@6/);
        const command = (action: string): string =>
          `az identity federated-credential ${action} --name by-subject --identity-name gateway --resource-group ${seed.resourceGroup} --subscription ${seed.subscriptionId}`;
        assert.equal(
          bySubject?.next,
          `${command("show")}   # only if nobody signs in by it, delete it: ${command("delete")}`,
        );
        assert.deepEqual(
          report.credentials.map(({ kind, place, name, standing }) => [kind, place, name, standing]),
          [
            ["federated", "service principal", "by-claims", "undeclared"],
            ["federated", "service principal", "by-subject", "undeclared"],
          ],
        );
        const map = await sandbox.on("map");
        assert.match(map.stdout, /by-subject/);
        assert.doesNotMatch(map.stdout, /Everything here is declared\./);
      } finally {
        for (const name of ["by-subject", "by-claims"]) await portal.azure("DELETE", `${list}/${name}`);
      }
      assert.deepEqual((await audit()).found, []);
    });

    it("audit without the right to read that is not clean, and rights names it for who watches", async () => {
      const { stdout } = await sandbox.on("rights", ["--format", "json", "--for", "drift"]);
      const [drift = assert.fail()] = (JSON.parse(stdout) as RightsReport).identities;
      const action = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read";
      assert.deepEqual(
        drift.azure.filter(({ actions }) => actions.includes(action)).map(({ scope }) => scope),
        [seedResourceIds.subscription],
      );
      const all = await audit((await portal.identityWith(drift)).env);
      assert.deepEqual([all.run.code, all.report.verdict], [0, "clean"], all.run.stdout + all.run.stderr);
      const azure = drift.azure.map((role) => ({
        ...role,
        actions: role.actions.filter((one) => one !== action),
      }));
      const { run, report } = await audit((await portal.identityWith({ ...drift, azure })).env);
      assert.deepEqual([run.code, report.verdict], [1, "incomplete"]);
      assert.deepEqual(
        report.coverage.gaps.map(({ call, client: of, outcome, missingRight }) => [
          call,
          of,
          outcome,
          missingRight,
        ]),
        [
          [
            "resourceManager.identityCredentials",
            "gateway",
            "denied",
            `an Azure role with the action ${action}`,
          ],
        ],
      );
    });

    it("audit reports a missing role and a disabled identity", async () => {
      const [{ id: role } = assert.fail()] = await portal.rolesOf(
        seedResourceIds.dicomService,
        identity.principalId,
      );
      await portal.removeRole(role);
      assert.deepEqual((await audit()).found, [`azure-role-missing ${role}`]);
      await sandbox.redeploy();
      await portal.graph("PATCH", `servicePrincipals/${identity.principalId}`, { accountEnabled: false });
      assert.deepEqual((await audit()).found, [`service-principal-disabled ${identity.principalId}`]);
      await portal.graph("PATCH", `servicePrincipals/${identity.principalId}`, { accountEnabled: true });
    });

    it("audit and preflight see what the next update changes: another identity, or an application", async () => {
      const other = await make("successor");
      const registered = { displayName: "Gateway", access: [readerAccess], credentials: "none" };
      await sandbox.configure("clients", { gateway: clientOf(other) });
      assert.deepEqual((await audit()).found, ["change-pending clients.gateway.runsOn"]);
      await sandbox.configure("clients", { gateway: registered });
      assert.deepEqual((await audit()).found, ["change-pending clients.gateway.application"]);
      await sandbox.redeploy({ gateway: registered });
      assert.deepEqual((await audit()).found, []);
      await sandbox.configure("clients", { gateway: client });
      const pending = (await audit()).found;
      assert.ok(pending.includes("change-pending clients.gateway.application"), pending.join("\n"));
      assert.ok(pending.includes("change-pending clients.gateway.runsOn"), pending.join("\n"));
      const preflight = await sandbox.on("preflight", ["--format", "json"]);
      assert.equal(preflight.code, 0, preflight.stdout);
      await sandbox.redeploy({ gateway: client });
      // The application can be restored for 30 days, but is nobody's namesake any more.
      assert.deepEqual((await audit()).found, []);
    });

    it("audit reports a client that left the configuration, and keeps looking at its identity", async () => {
      await sandbox.configure("clients", {
        other: { displayName: "Other", access: [readerAccess], credentials: "none" },
      });
      const { found } = await audit();
      assert.deepEqual(found.map((one) => one.split(" ")[0]).sort(), [
        "client-not-declared",
        "client-not-deployed",
      ]);
    });
  });
});
