import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtInRoleIds, seed } from "entra-sandbox";
import { Administrator, DeployedSandbox, seedResourceIds } from "lab";
import type { AuditReport } from "../audit/auditReport";
import type { AdoptionPlan } from "../adopt/adoptionPlan";
import type { Verification } from "../verify/verification";

describe("a client that only uploads", function () {
  this.timeout(180_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;

  const modality = {
    displayName: "Modality",
    access: [{ dicomService: seedResourceIds.dicomService, role: "uploader" }],
    secret: { from: "2026-06-01" },
  };

  before(async () => {
    sandbox = await DeployedSandbox.empty("2026-08-30");
    administrator = new Administrator(sandbox.tenant);
    // Custom roles take a right that Contributor and Role Based Access Control Administrator lack.
    await administrator.assignRole(
      seedResourceIds.resourceGroup,
      builtInRoleIds.userAccessAdministrator,
      seed.pipeline.servicePrincipalId,
    );
    await sandbox.redeploy({ modality });
  });
  after(() => sandbox?.stop());

  const verified = async (...argv: string[]): Promise<{ code: number; read: Verification }> => {
    const { code, stdout } = await sandbox.on("verify", ["--format", "json", ...argv]);
    return { code, read: JSON.parse(stdout) as Verification };
  };
  const customRole = async (): Promise<{ name: string; properties: Record<string, unknown> }> => {
    const listed = (await administrator.azure(
      "GET",
      `${seedResourceIds.resourceGroup}/providers/Microsoft.Authorization/roleDefinitions`,
    )) as { value: { name: string; properties: { type: string } & Record<string, unknown> }[] };
    const [role, ...others] = listed.value.filter(({ properties }) => properties.type === "CustomRole");
    assert.ok(role && others.length === 0);
    return role;
  };

  it("gets a role of its own that may store and nothing else", async () => {
    const { properties } = await customRole();
    assert.deepEqual(properties["permissions"], [
      {
        actions: [],
        notActions: [],
        dataActions: ["Microsoft.HealthcareApis/workspaces/dicomservices/resources/write"],
        notDataActions: [],
      },
    ]);
    assert.deepEqual(properties["assignableScopes"], [seedResourceIds.resourceGroup]);
  });

  it("is proved to store, and to be refused everything else", async () => {
    const { code, read } = await verified("--write");
    assert.equal(code, 0, JSON.stringify(read));
    const stages = new Map(
      read.clients[0]?.credentials[0]?.stages.map(({ stage, detail }) => [stage, detail] as const),
    );
    assert.match(
      stages.get("store") ?? "",
      /is stored in the study .* because the client is not allowed to delete it/,
    );
    for (const stage of ["search", "change-feed", "delete", "query-tags", "export"] as const) {
      assert.match(stages.get(stage) ?? "", /^The service refuses the client \(403\)/, stage);
    }
  });

  it("shows no drift and no finding", async () => {
    const { code, stdout } = await sandbox.on("audit", ["--format", "text"]);
    assert.equal(code, 0, stdout);
  });

  it("is found by audit and verify when somebody lets its role do more", async () => {
    const { name, properties } = await customRole();
    const { roleName, type, description, assignableScopes } = properties;
    const change = (dataActions: readonly string[]): Promise<unknown> =>
      administrator.azure(
        "PUT",
        `${seedResourceIds.resourceGroup}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
        { properties: { roleName, type, description, assignableScopes, permissions: [{ dataActions }] } },
      );
    const write = "Microsoft.HealthcareApis/workspaces/dicomservices/resources/write";
    await change([write, write.replace("write", "read")]);
    try {
      const { code, read } = await verified();
      assert.equal(code, 1);
      assert.deepEqual(
        read.clients[0]?.credentials[0]?.stages.flatMap(({ stage, problem }) =>
          problem === undefined ? [] : [`${stage} ${problem}`],
        ),
        ["search more-than-declared", "change-feed more-than-declared"],
      );
      const { stdout } = await sandbox.on("audit", ["--format", "json"]);
      assert.deepEqual(
        (JSON.parse(stdout) as AuditReport).findings.map(({ severity, rule }) => `${severity} ${rule}`),
        ["critical azure-role-changed"],
      );
    } finally {
      await change([write]);
    }
  });

  it("tells the deploying identity which role it may assign, and that it makes it", async () => {
    const { stdout } = await sandbox.on("rights", ["--for", "deploy"]);
    assert.match(stdout, new RegExp((await customRole()).name));
    for (const verb of ["read", "write", "delete"]) {
      assert.match(stdout, new RegExp(`Microsoft\\.Authorization/roleDefinitions/${verb}`));
    }
  });

  it("is found by audit under another name, and taken back by adopt, when the state has lost it", async () => {
    const before = await customRole();
    const { objectId } = (await sandbox.clients())["modality"] as unknown as { objectId: string };
    await sandbox.editState((text) => {
      const exported = JSON.parse(text) as { deployment: { resources: { urn: string }[] } };
      exported.deployment.resources = exported.deployment.resources.filter(
        ({ urn }) => !/::modality(-|$)/.test(urn),
      );
      return JSON.stringify(exported);
    });
    const rename = (displayName: string): Promise<unknown> =>
      administrator.graph("PATCH", `applications/${objectId}`, { displayName });
    await rename("Printer");
    const audited = await sandbox.on("audit", ["--format", "json"]);
    await rename(modality.displayName);
    const lost = (JSON.parse(audited.stdout) as AuditReport).findings.find(
      ({ object }) => object === "clients.modality",
    );
    assert.equal(lost?.rule, "part-not-deployed");
    assert.match(lost.detail, /"Printer" .* has another name, and an Azure role that only the client is to/);
    const folder = await mkdtemp(join(tmpdir(), "uploader-"));
    const { stdout, stderr } = await sandbox.on("adopt", [
      modality.displayName,
      "--apply",
      "--format",
      "json",
      "--backup",
      join(folder, "kept"),
    ]);
    await rm(folder, { recursive: true });
    const plan = JSON.parse(stdout || "{}") as AdoptionPlan;
    assert.deepEqual([plan.verdict, plan.differences], ["adopted", []], stderr);
    assert.deepEqual(
      plan.unmanaged.filter(({ what }) => what.startsWith("Azure role")),
      [],
    );
    assert.ok(plan.adopted.some(({ type }) => type === "azure-native:authorization:RoleDefinition"));
    // Only the secret, which nobody can read, is new.
    assert.deepEqual(
      plan.creates.map(({ type }) => type.split(":").at(-1)),
      ["ApplicationPassword"],
    );
    await sandbox.redeploy();
    assert.deepEqual((await customRole()).properties["permissions"], before.properties["permissions"]);
    await sandbox.previewRefreshAs({});
  });

  it("leaves no role behind when it becomes a reader", async () => {
    await sandbox.redeploy({
      modality: { ...modality, access: [{ ...modality.access[0], role: "reader" }] },
    });
    await assert.rejects(customRole());
    assert.equal((await verified()).code, 0);
  });
});
