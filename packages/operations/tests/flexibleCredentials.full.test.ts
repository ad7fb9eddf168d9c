import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addOwner } from "entra-sandbox";
import { Administrator, DeployedSandbox, type OperationRun, readerAccess, seed } from "lab";
import type { AuditReport } from "../audit/auditReport";
import type { PreflightReport } from "../preflight/preflightReport";

const issuer = "https://token.actions.githubusercontent.com";
const matching = (ref: string): string =>
  `claims['sub'] matches 'repo:contoso@1/pacs@2:ref:refs/${ref}/*' and claims['repository_id'] eq '2'`;
const jobs = {
  displayName: "Jobs",
  access: [readerAccess],
  federatedCredentials: [{ name: "github", issuer, claimsMatchingExpression: matching("heads") }],
};

describe("a federated credential that matches claims, from its declaration to its end", function () {
  this.timeout(120_000);
  let sandbox: DeployedSandbox;
  let administrator: Administrator;

  before(async () => {
    sandbox = await DeployedSandbox.deploy({ jobs }, "2026-11-28");
    administrator = new Administrator(sandbox.tenant);
  });
  after(() => sandbox?.stop());

  const objectId = async (): Promise<string> => (await sandbox.clients())["jobs"]?.["objectId"] ?? "";
  const list = async (application: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const path = `applications/${application}/federatedIdentityCredentials`;
    const { value } = await administrator.graph("GET", path, undefined, "beta");
    return value as readonly Readonly<Record<string, unknown>>[];
  };
  /** Verifies with the token of a job on the branch main of a repository. */
  const verify = async (repositoryId: string): Promise<OperationRun> => {
    const { json } = await sandbox.tenant.control("POST", "workload-token", {
      ...{ workload: "github", repository: "contoso/pacs", ownerId: "1", repositoryId },
      ...{ environment: "", ref: "refs/heads/main", lifetimeSeconds: 86_400 },
    });
    const file = join(sandbox.projectFolder, "..", "..", "job.jwt");
    await writeFile(file, (json as { readonly assertion: string }).assertion);
    try {
      return await sandbox.on("verify", ["--federated-token", file]);
    } finally {
      await rm(file);
    }
  };
  const audit = async (): Promise<readonly (readonly [string, string, string])[]> => {
    const { stdout } = await sandbox.on("audit", ["--format", "json"]);
    return (JSON.parse(stdout) as AuditReport).findings
      .filter(({ rule }) => rule.startsWith("federated"))
      .map(({ rule, detail, next }) => [rule, detail, next] as const);
  };

  it("is verified with a job's token, and names the claims of one that does not match", async () => {
    const verified = await verify("2");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /github/);
    const { stdout, stderr, code } = await verify("3");
    assert.notEqual(code, 0);
    assert.match(
      (stdout + stderr).replace(/\s+/g, " "),
      /github of jobs: issuer "https:\/\/token.*claims ".*"; the token has sub "repo:contoso@1\/pacs@3:ref:refs\/heads\/main", repository_id "3"/,
    );
  });

  it("has rights of its own to deploy", async () => {
    const { stdout } = await sandbox.on("rights", ["--for", "deploy", "--format", "json"]);
    assert.match(stdout, /create, change and remove federated credentials that match claims/);
    assert.doesNotMatch(stdout, /create, change and remove federated credentials[^ ]/);
  });

  it("is audited by its expression, and put right by the next update", async () => {
    assert.deepEqual(await audit(), []);
    const application = await objectId();
    const [credential] = await list(application);
    const path = `applications/${application}/federatedIdentityCredentials/${String(credential?.["id"])}`;
    const changed = { claimsMatchingExpression: { value: matching("tags"), languageVersion: 1 } };
    await administrator.graph("PATCH", path, changed, "beta");
    const [[rule, detail] = [], ...others] = await audit();
    assert.deepEqual([rule, others], ["federated-credential-changed", []]);
    assert.match(detail ?? "", /refs\/tags\/\*.*, instead of .*refs\/heads\/\*/);
    await sandbox.pulumi(["refresh", "--yes", "--skip-preview"]);
    await sandbox.redeploy();
    assert.deepEqual((await list(application))[0]?.["claimsMatchingExpression"], {
      value: matching("heads"),
      languageVersion: 1,
    });
    assert.deepEqual(await audit(), []);
  });

  it("is found when somebody adds one, with a command that knows it, and said to be broad", async () => {
    const application = await objectId();
    const value = "claims['sub'] matches 'repo:contoso@1/*' and claims['repository_owner_id'] eq '1'";
    const all = `applications/${application}/federatedIdentityCredentials`;
    const made = await administrator.graph(
      "POST",
      all,
      {
        name: "by-hand",
        issuer,
        audiences: ["api://AzureADTokenExchange"],
        claimsMatchingExpression: { value, languageVersion: 1 },
      },
      "beta",
    );
    const found = await audit();
    assert.deepEqual(found.map(([rule]) => rule).sort(), [
      "federated-claims-broad",
      "federated-credential-undeclared",
    ]);
    for (const [, , next] of found) {
      assert.match(
        next,
        new RegExp(`^az rest --method GET --url 'https://\\S+/beta/${all}/${String(made["id"])}'`),
      );
    }
    await administrator.graph("DELETE", `${all}/${String(made["id"])}`, undefined, "beta");
  });

  it("is told before, and explained after, that its name cannot be that of one with a subject", async () => {
    const subject = "repo:contoso@1/pacs@2:ref:refs/heads/main";
    const changed = { ...jobs, federatedCredentials: [{ name: "github", issuer, subject }] };
    await assert.rejects(sandbox.redeploy({ jobs: changed }), (error) => {
      assert.match(String(error), /If its subject replaces a claimsMatchingExpression, give it another name/);
      return true;
    });
    const { stdout } = await sandbox.on("preflight", ["--format", "json"]);
    const { obstacles } = JSON.parse(stdout) as PreflightReport;
    assert.deepEqual(
      obstacles.map(({ kind, path }) => [kind, path]),
      [["name-taken", "clients.jobs.federatedCredentials[0].name"]],
    );
    const renamed = [{ name: "github-main", issuer, subject }];
    await sandbox.redeploy({ jobs: { ...jobs, federatedCredentials: renamed } });
    assert.deepEqual(
      (await list(await objectId())).map(({ name }) => name),
      ["github-main"],
    );
    const back = {
      ...jobs,
      federatedCredentials: [{ ...jobs.federatedCredentials[0], name: "github-main" }],
    };
    await assert.rejects(sandbox.redeploy({ jobs: back }), (error) => {
      assert.match(
        String(error),
        /the provider does not say why: either the application has one named github-main/,
      );
      return true;
    });
    await sandbox.redeploy({ jobs });
  });

  it("is adopted as it is, under the id that the provider takes", async () => {
    const made = await administrator.registerApplication("Made by hand");
    await administrator.graph(
      "POST",
      `applications/${made.id}/federatedIdentityCredentials`,
      {
        name: "by-hand",
        issuer,
        audiences: ["api://AzureADTokenExchange"],
        claimsMatchingExpression: { value: matching("heads"), languageVersion: 1 },
      },
      "beta",
    );
    await administrator.graph("PATCH", `applications/${made.id}`, {
      requiredResourceAccess: [
        {
          resourceAppId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
          resourceAccess: [{ id: "e69ab058-b8ae-4c0f-b687-5d97888ddccb", type: "Scope" }],
        },
      ],
    });
    const principal = { kind: "servicePrincipals", id: made.servicePrincipalId } as const;
    await addOwner(administrator, { kind: "applications", id: made.id }, seed.pipeline.servicePrincipalId);
    await addOwner(administrator, principal, seed.pipeline.servicePrincipalId);
    await addOwner(administrator, principal, seed.adminUserId);
    const backup = join(sandbox.projectFolder, "..", "..", "kept");
    const { code, stdout, stderr } = await sandbox.on("adopt", [
      made.appId,
      ...["--as", "by-hand", "--apply", "--backup", backup],
    ]);
    assert.equal(code, 0, stdout + stderr);
    const state = await sandbox.exportState();
    assert.match(state, new RegExp(`"/applications/${made.id}/federatedIdentityCredentials/[0-9a-f-]{36}"`));
    await sandbox.redeploy();
    assert.equal((await list(made.id)).length, 1);
  });

  it("goes with the stack", async () => {
    const application = await objectId();
    await sandbox.pulumi(["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await administrator.graph("GET", `applications/${application}`), {});
  });
});
