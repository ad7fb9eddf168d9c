import assert from "node:assert/strict";
import { builtInRoleIds, firstPartyAppIds, grantAppRole, removeAppRole } from "entra-sandbox";
import {
  Administrator,
  declareStack,
  DeployedSandbox,
  makeCertificate,
  readerAccess,
  seed,
  seedResourceIds,
} from "lab";
import type { PreflightReport } from "../preflight/preflightReport";

const graphApi = "00000003-0000-0000-c000-000000000000";
const today = "2026-11-24";
const secret = { from: "2026-11-23", lifetimeDays: 180, overlapDays: 30 };

/** Restrictions of a policy on credentials of applications. */
const blocked = { passwordCredentials: [{ restrictionType: "passwordAddition", state: "enabled" }] };
const longest = (days: number): object => ({
  passwordCredentials: [{ restrictionType: "passwordLifetime", maxLifetime: `P${days}D`, state: "enabled" }],
  keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: `P${days}D`, state: "enabled" }],
});

describe("dicom-ops preflight", function () {
  this.timeout(180_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;

  before(async () => {
    sandbox = await DeployedSandbox.empty(today);
    administrator = new Administrator(sandbox.tenant);
  });
  after(() => sandbox.stop());

  afterEach(async () => {
    await setPolicy(undefined);
    await sandbox.tenant.control("PUT", "settings", { directoryQuota: 50_000 });
  });

  const setPolicy = async (restrictions: object | undefined): Promise<void> => {
    await administrator.graph("PATCH", "policies/defaultAppManagementPolicy", {
      isEnabled: restrictions !== undefined,
      applicationRestrictions: { passwordCredentials: [], keyCredentials: [], ...restrictions },
    });
  };
  const declare = (clients: Record<string, unknown>): Promise<void> =>
    declareStack(sandbox.projectFolder, sandbox, clients);
  const read = async (expected: number, ...argv: string[]): Promise<PreflightReport> => {
    const run = await sandbox.on("preflight", ["--format", "json", ...argv]);
    assert.equal(run.code, expected, run.stdout + run.stderr);
    return JSON.parse(run.stdout) as PreflightReport;
  };
  const kinds = (report: PreflightReport): unknown[] =>
    report.obstacles.map(({ kind, client, path }) => [kind, client, path]);

  it("is clear when nothing stands in the way, and says what changes", async () => {
    await declare({ gateway: { displayName: "Gateway", access: [readerAccess], secret } });
    const report = await read(0);
    assert.deepEqual(report.changing, ["gateway"]);
    assert.equal(report.identity, seed.pipeline.servicePrincipalId);
    const text = await sandbox.on("preflight");
    assert.match(text.stdout, /\nNo obstacles found for the next update\.\n$/);
    assert.equal((await sandbox.on("preflight")).stdout, text.stdout, "the same input gives the same output");
  });

  it("tells everything at once, each with a way on", async () => {
    const { pem } = await makeCertificate("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z");
    const taken = await administrator.graph("POST", "applications", { displayName: "Gateway" });
    await setPolicy(longest(90));
    await sandbox.tenant.control("PUT", "settings", { directoryQuota: 5 });
    await declare({
      gateway: {
        displayName: "Gateway",
        access: [readerAccess],
        secret,
        certificates: [{ name: "scanner", pem }],
        vault: { id: `${seedResourceIds.keyVault}-other`, secretName: "gateway" },
      },
    });
    const report = await read(7);
    await administrator.graph("DELETE", `applications/${String(taken["id"])}`);
    assert.deepEqual(kinds(report).sort(), [
      ["credential-too-long", "gateway", "clients.gateway.certificates.scanner"],
      ["credential-too-long", "gateway", "clients.gateway.secret"],
      ["directory-full", null, "directory"],
      ["name-taken", "gateway", "clients.gateway.displayName"],
      ["vault-missing", "gateway", "clients.gateway.vault.id"],
    ]);
    assert.ok(report.obstacles.every(({ cure, detail }) => cure.length > 0 && detail !== ""));
  });

  it("finds owners and a deploying identity who are nobody, and those who are added alone", async () => {
    const nobody = "12345678-0000-4000-8000-000000000000";
    const { objectId, adminUserId, servicePrincipalId } = { ...seed.pipeline, adminUserId: seed.adminUserId };
    const owners = [adminUserId.toUpperCase(), nobody, objectId];
    await declare({
      gateway: { displayName: "Gateway", access: [readerAccess], secret, owners },
      other: { displayName: "Other", secret, owners: [nobody] },
    });
    const found = await read(7);
    assert.deepEqual(kinds(found), [
      ["owner-missing", "gateway", "clients.gateway.owners[1]"],
      ["owner-missing", "gateway", "clients.gateway.owners[2]"],
      ["owner-missing", "other", "clients.other.owners[0]"],
    ]);
    const { cure } = found.obstacles[1] ?? {};
    assert.ok(cure?.includes(`  az ad sp show --id ${objectId} --query id --output tsv`), cure?.join());
    await declare({ gateway: { displayName: "Gateway", access: [readerAccess], secret } });
    await sandbox.configure("deployingIdentity", nobody);
    assert.deepEqual(kinds(await read(1)), [["owner-missing", null, "deployingIdentity"]]);
    await sandbox.configure("deployingIdentity", servicePrincipalId);
    assert.deepEqual(kinds(await read(0)), []);
  });

  it("counts what changes, and nothing that is deployed and stays", async () => {
    await declare({ gateway: { displayName: "Gateway", access: [readerAccess], secret } });
    await sandbox.redeploy();
    await setPolicy(blocked);
    const stays = await read(0);
    assert.deepEqual(stays.changing, []);
    assert.match(
      stays.notes.join(),
      /gateway: the next secret, due on 2027-04-22, would be refused: .* forbids secrets/,
    );
    await declare({
      gateway: { displayName: "Gateway", access: [readerAccess], secret: { ...secret, reissue: 1 } },
    });
    assert.deepEqual(kinds(await read(7)), [["credential-forbidden", "gateway", "clients.gateway.secret"]]);
  });

  it("reads the policy that is assigned to an application, which counts before the tenant's", async () => {
    const objectId = (await sandbox.clients())["gateway"]?.["objectId"] ?? "";
    const own = await administrator.graph("POST", "policies/appManagementPolicies", {
      displayName: "exempt",
      description: "exempt",
      isEnabled: true,
      restrictions: { passwordCredentials: [{ restrictionType: "passwordAddition", state: "disabled" }] },
    });
    const { id } = own as { id: string };
    await administrator.graph("POST", `applications/${objectId}/appManagementPolicies/$ref`, {
      "@odata.id": `${administrator.graphUrl}/v1.0/policies/appManagementPolicies/${id}`,
    });
    await read(0);
    await sandbox.redeploy();
    await administrator.graph("DELETE", `policies/appManagementPolicies/${id}`);
    await setPolicy(undefined);
  });

  it("names the rights that the change takes, and those alone", async () => {
    const permission = "DelegatedPermissionGrant.ReadWrite.All";
    await removeAppRole(administrator, seed.pipeline.servicePrincipalId, permission);
    await declare({
      gateway: { displayName: "Gateway", access: [readerAccess], secret: { ...secret, reissue: 2 } },
    });
    assert.equal((await read(0)).verdict, "clear", "the consent is there, and stays");
    await declare({
      gateway: { displayName: "Gateway", access: [readerAccess], secret: { ...secret, reissue: 2 } },
      other: { displayName: "Other", secret },
    });
    const { obstacles } = await read(7);
    await grantAppRole(administrator, seed.pipeline.servicePrincipalId, permission);
    assert.deepEqual(
      obstacles.map(({ kind }) => kind),
      ["missing-right"],
    );
    assert.match(obstacles[0]?.detail ?? "", /DelegatedPermissionGrant\.ReadWrite\.All/);
  });

  it("does not call clear what it could not read, and names the right", async () => {
    await declare({ other: { displayName: "Other", secret } });
    const permission = "Policy.Read.All";
    await removeAppRole(administrator, seed.pipeline.servicePrincipalId, permission);
    const report = await read(1);
    await grantAppRole(administrator, seed.pipeline.servicePrincipalId, permission);
    assert.equal(report.verdict, "incomplete");
    assert.deepEqual(
      report.unread.map(({ cure }) => cure),
      ["You need the Microsoft Graph application permission Policy.Read.All."],
    );
    const stranger = await read(1, "--identity", "11111111-1111-4111-8111-111111111111");
    assert.match(stranger.unread.map(({ what }) => what).join(), /The rights of 11111111-.* are unknown/);
  });

  it("finds a consent that was given by hand, with the command that takes it over", async () => {
    await declare({ gateway: { displayName: "Gateway", consent: "none", secret } });
    await sandbox.redeploy();
    const servicePrincipalId = (await sandbox.clients())["gateway"]?.["servicePrincipalId"] ?? "";
    const api = await administrator.servicePrincipalOf(firstPartyAppIds.dicom);
    await administrator.graph("POST", "oauth2PermissionGrants", {
      clientId: servicePrincipalId,
      resourceId: api,
      consentType: "AllPrincipals",
      scope: "Dicom.ReadWrite",
    });
    await declare({ gateway: { displayName: "Gateway", secret } });
    const { obstacles } = await read(7);
    assert.deepEqual(
      obstacles.map(({ kind, path }) => [kind, path]),
      [["exists-already", "clients.gateway.consent"]],
    );
    assert.match(obstacles[0]?.cure.join("\n") ?? "", /^ {2}pulumi import .*gateway-consent/m);
  });

  it("finds an app role that was assigned by hand, with the command that takes it over", async () => {
    await declare({ research: { displayName: "Research", consent: "none", secret } });
    await sandbox.redeploy();
    const servicePrincipalId = (await sandbox.clients())["research"]?.["servicePrincipalId"] ?? "";
    await grantAppRole(administrator, servicePrincipalId, "Application.Read.All");
    await grantAppRole(administrator, seed.pipeline.servicePrincipalId, "AppRoleAssignment.ReadWrite.All");
    const permissions = [{ api: graphApi, roles: ["Application.Read.All"] }];
    await declare({ research: { displayName: "Research", permissions, secret } });
    const { obstacles } = await read(7);
    await removeAppRole(administrator, seed.pipeline.servicePrincipalId, "AppRoleAssignment.ReadWrite.All");
    await removeAppRole(administrator, servicePrincipalId, "Application.Read.All");
    assert.deepEqual(
      obstacles.map(({ kind, path }) => [kind, path]),
      [["exists-already", "clients.research.permissions"]],
    );
    assert.match(
      obstacles[0]?.cure.join("\n") ?? "",
      /^ {2}pulumi import .*AppRoleAssignment .*appRoleAssignedTo/m,
    );
  });

  it("finds an Azure role and a federated credential that were given by hand, with the commands that take them over", async () => {
    const issuer = "https://token.actions.githubusercontent.com";
    const subject = "repo:contoso@1/pacs@2:environment:dev";
    const client = { displayName: "Viewer", consent: "none", secret };
    await declare({ viewer: client });
    await sandbox.redeploy();
    const { servicePrincipalId = "", objectId = "" } = (await sandbox.clients())["viewer"] ?? {};
    await administrator.assignRole(
      seedResourceIds.workspace,
      builtInRoleIds.dicomDataReader,
      servicePrincipalId,
    );
    await administrator.assignRole(
      seedResourceIds.dicomService,
      builtInRoleIds.dicomDataReader,
      servicePrincipalId,
    );
    await administrator.graph("POST", `applications/${objectId}/federatedIdentityCredentials`, {
      name: "by-hand",
      issuer,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
    await declare({
      viewer: {
        ...client,
        access: [readerAccess, { ...readerAccess, role: "owner" }],
        federatedCredentials: [
          { name: "github", issuer, subject },
          { name: "by-hand", issuer, subject: `${subject}-2` },
          { name: "new", issuer, subject: `${subject}-3` },
        ],
      },
    });
    const { obstacles } = await read(7);
    assert.deepEqual(
      obstacles.map(({ kind, path }) => [kind, path]),
      [
        ["exists-already", "clients.viewer.access[0]"],
        ["exists-already", "clients.viewer.federatedCredentials[0]"],
        ["exists-already", "clients.viewer.federatedCredentials[1]"],
      ],
    );
    const [role, ...federated] = obstacles.map(({ cure }) => cure.join("\n"));
    assert.match(role ?? "", /^ {2}pulumi import .*RoleAssignment viewer-access-.* --stack sandbox$/m);
    for (const one of federated) {
      assert.match(one, /^ {2}pulumi import .*Credential viewer-federated-by-hand .* --stack sandbox$/m);
    }
    await assert.rejects(sandbox.redeploy(), "the update is refused");
  });

  it("finds a scope that does not exist", async () => {
    const dicomService = `${seedResourceIds.dicomService}-gone`;
    await declare({
      gateway: {
        displayName: "Gateway",
        consent: "none",
        access: [{ ...readerAccess, dicomService }],
        secret,
      },
    });
    const { obstacles } = await read(7);
    assert.deepEqual(
      obstacles.map(({ kind }) => kind),
      ["scope-missing"],
    );
    assert.ok(obstacles[0]?.detail.includes(dicomService));
  });

  it("does not take an instance property lock for an obstacle, and nothing is refused", async () => {
    await declare({ gateway: { displayName: "Gateway", consent: "none", secret } });
    await sandbox.redeploy();
    const objectId = (await sandbox.clients())["gateway"]?.["objectId"] ?? "";
    const lock = { isEnabled: true, allProperties: true };
    await administrator.graph("PATCH", `applications/${objectId}`, {
      servicePrincipalLockConfiguration: lock,
    });
    const { pem } = await makeCertificate("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    await declare({
      gateway: {
        displayName: "Gateway",
        consent: "none",
        secret: { ...secret, reissue: 7 },
        certificates: [{ name: "scanner", pem }],
      },
    });
    await read(0);
    await sandbox.redeploy();
  });

  it("names the right to make the role that an uploader brings along, and does not count the role that stays", async () => {
    await declare({
      modality: {
        displayName: "Modality",
        consent: "none",
        access: [{ ...readerAccess, role: "uploader" }],
        secret,
      },
    });
    const { obstacles } = await read(7);
    assert.deepEqual(
      obstacles.map(({ kind }) => kind),
      ["missing-right"],
    );
    assert.match(obstacles[0]?.detail ?? "", /Microsoft\.Authorization\/roleDefinitions\/write/);
    await administrator.assignRole(
      seedResourceIds.resourceGroup,
      builtInRoleIds.userAccessAdministrator,
      seed.pipeline.servicePrincipalId,
    );
    await read(0);
    await sandbox.redeploy();
    assert.deepEqual((await read(0)).changing, []);
  });

  describe("of a key vault", () => {
    const vault = { id: seedResourceIds.keyVault, secretName: "gateway" };
    const client = { displayName: "Gateway", consent: "none", secret };
    const ofVault = async (): Promise<readonly unknown[]> => {
      const { obstacles } = await read(7);
      assert.ok(obstacles.every(({ cure }) => cure.length > 0));
      return obstacles.map(({ kind, path }) => [kind, path]);
    };

    it("finds that it is in another subscription than the provider's", async () => {
      const id = vault.id.replace(seed.subscriptionId, "99999999-9999-4999-8999-999999999999");
      await declare({ gateway: { ...client, vault: { ...vault, id } } });
      assert.deepEqual(await ofVault(), [["vault-elsewhere", "clients.gateway.vault.id"]]);
    });

    it("finds a secret of the name that the stack does not manage, and one that is deleted", async () => {
      await declare({ gateway: { ...client, vault } });
      await sandbox.redeploy();
      await declare({ gateway: client });
      await sandbox.redeploy();
      await declare({ gateway: { ...client, vault } });
      assert.deepEqual(await ofVault(), [["vault-secret-deleted", "clients.gateway.vault.secretName"]]);
      const purge = `  # az keyvault secret purge --vault-name ${seed.keyVault} --name gateway`;
      const cure = async (): Promise<readonly string[]> => (await read(7)).obstacles[0]?.cure ?? [];
      assert.ok((await cure()).includes(purge), (await cure()).join("\n"));
      await administrator.azure("PATCH", vault.id, { properties: { enablePurgeProtection: true } });
      const kept = (await cure()).join("\n");
      assert.ok(!kept.includes("secret purge"), kept);
      assert.match(kept, /nobody can purge the secret; the vault does so on 2027-02-22\.$/);
      const other = { ...vault, secretName: "someone-elses" };
      await administrator.azure("PUT", `${vault.id}/secrets/${other.secretName}`, {
        properties: { value: "theirs" },
      });
      await declare({ gateway: { ...client, vault: other } });
      assert.deepEqual(await ofVault(), [["exists-already", "clients.gateway.vault.secretName"]]);
    });
  });
});
