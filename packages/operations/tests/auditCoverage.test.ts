import assert from "node:assert/strict";
import { type AuditReport, auditReportSchema } from "../audit/auditReport";
import { machineClock } from "../operationIo";
import { Administrator, DeployedSandbox, type OperationRun, readerAccess } from "lab";

describe("ops audit", function () {
  this.timeout(60_000);
  let sandbox: DeployedSandbox;
  let portal: Administrator;

  before(async () => {
    const client = { access: [readerAccess], secret: { from: "2026-06-01" } };
    sandbox = await DeployedSandbox.deploy(
      {
        gateway: { displayName: "Gateway", ...client },
        viewer: { displayName: "Viewer", ...client },
      },
      "2026-08-20",
    );
    portal = new Administrator(sandbox.tenant);
  });
  after(() => sandbox?.stop());

  const audit = async (
    env: Record<string, string> = {},
  ): Promise<{ run: OperationRun; report: AuditReport }> => {
    const run = await sandbox.on("audit", ["--format", "json"], env);
    return { run, report: auditReportSchema.parse(JSON.parse(run.stdout)) };
  };

  it("is clean after a deployment", async () => {
    const { run, report } = await audit();
    assert.deepEqual(report.findings, []);
    assert.equal(report.verdict, "clean");
    assert.equal(run.code, 0);
  });

  describe("what could not be read is never clean", () => {
    it("names the missing right, and exits with 1 although nothing was found", async () => {
      const operator = await portal.registerApplication("Auditor");
      const secret = String(
        (await portal.graph("POST", `applications/${operator.id}/addPassword`, {}))["secretText"],
      );
      const as = { ARM_CLIENT_ID: operator.appId, ARM_CLIENT_SECRET: secret };
      await portal.grantGraphPermission(operator.servicePrincipalId, "Application.Read.All");
      const { run, report } = await audit(as);
      assert.equal(run.code, 1);
      assert.equal(report.verdict, "incomplete");
      assert.deepEqual(
        [
          ...new Set(
            report.coverage.gaps.map(
              ({ call, outcome, missingRight }) => `${call} ${outcome}: ${missingRight ?? ""}`,
            ),
          ),
        ],
        [
          "graph.appManagementPolicies denied: the Microsoft Graph application permission Policy.Read.All",
          "graph.claimsMappingPolicies denied: the Microsoft Graph application permission Policy.Read.All",
          "graph.consents denied: the Microsoft Graph application permission Directory.Read.All",
          "graph.homeRealmDiscoveryPolicies denied: the Microsoft Graph application permission Policy.Read.All",
          "graph.tokenIssuancePolicies denied: the Microsoft Graph application permission Policy.Read.All",
          "graph.tokenLifetimePolicies denied: the Microsoft Graph application permission Policy.Read.All",
          "resourceManager.roleAssignmentsOfSubscription denied: an Azure role with the action Microsoft.Authorization/roleAssignments/read",
        ],
      );
      assert.ok(
        !report.findings.some(({ rule }) => /consent-|azure-role/.test(rule)),
        "what is not known is not judged",
      );
      const text = await sandbox.on("audit", [], as);
      assert.equal(text.code, 1);
      assert.match(text.stdout, /NOT READ {2}graph\.consents of gateway \(denied\)/);
      assert.match(text.stdout, /Incomplete: not everything could be read/);
    });

    it("waits when the tenant asks for it, and gives up in the end", async () => {
      const fault = {
        operation: "graph.federatedIdentityCredentials.list",
        effect: { kind: "refuse", status: 429, retryAfter: 7 },
      };
      const waits: number[] = [];
      const clock = {
        sleep: (milliseconds: number) => {
          waits.push(milliseconds);
          return Promise.resolve();
        },
      };
      await sandbox.tenant.control("POST", "faults", { ...fault, times: 2 });
      const patient = await sandbox.on("audit", ["--format", "json"], {}, clock);
      assert.equal(patient.code, 0, patient.stdout);
      assert.deepEqual(waits, [7000], "both were refused within one batch, and wait together");
      assert.match(patient.stderr, /The service is throttling requests; waiting 7 s/);
      await sandbox.tenant.control("POST", "faults", { ...fault, times: 1000 });
      try {
        const { run, report } = await audit();
        assert.equal(run.code, 1);
        assert.deepEqual(
          report.coverage.gaps.map(({ call, client, outcome }) => [call, client, outcome]),
          [
            ["graph.federatedCredentials", "gateway", "throttled"],
            ["graph.federatedCredentials", "viewer", "throttled"],
          ],
        );
      } finally {
        await sandbox.tenant.control("DELETE", "faults");
      }
    });

    it("ends with 130 as soon as it is interrupted", async () => {
      const fault = {
        operation: "graph.federatedIdentityCredentials.list",
        effect: { kind: "refuse", status: 429, retryAfter: 300 },
      };
      await sandbox.tenant.control("POST", "faults", { ...fault, times: 1000 });
      const interruption = new AbortController();
      const sleep: typeof machineClock.sleep = (milliseconds, signal) => {
        interruption.abort();
        return machineClock.sleep(milliseconds, signal);
      };
      try {
        const run = await sandbox.on("audit", [], {}, { sleep }, interruption.signal);
        assert.equal(run.code, 130);
        assert.equal(run.stdout, "");
        assert.match(run.stderr, /\nInterrupted\.\n$/);
      } finally {
        await sandbox.tenant.control("DELETE", "faults");
      }
    });

    it("ends with 1 when nobody can be signed in", async () => {
      const run = await sandbox.on("audit", ["--format", "json"], { ARM_CLIENT_SECRET: "wrong" });
      assert.equal(run.code, 1);
      assert.equal(run.stdout, "");
      assert.match(run.stderr, /You could not be signed in to .*\nCause: .*AADSTS7000215/);
    });
  });
});
