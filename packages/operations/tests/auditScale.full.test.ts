import assert from "node:assert/strict";
import { auditReportSchema } from "../audit/auditReport";
import { DeployedSandbox, type OperationRun } from "lab";

/** What an audit of a populated sandbox has asked, by the tenant's own account. */
interface Asked {
  /** Requests to Microsoft Graph and Azure Resource Manager, those within batches one by one. */
  readonly requests: number;
  /** What went over the wire for them. */
  readonly sent: number;
  /** The readings that the coverage counts. */
  readonly counted: number;
  readonly stderr: string;
}

async function auditOf(clients: number, applications: number, deleted: number): Promise<Asked> {
  const sandbox = await DeployedSandbox.populate({ clients, applications, deleted }, "2026-07-01");
  try {
    const before = sandbox.tenant.requests().length;
    // Every look at the clock finds it a second later.
    let seconds = 0;
    const run = await sandbox.on(
      "audit",
      ["--format", "json"],
      {},
      {
        now: () => new Date(Date.parse("2026-07-01T09:00:00Z") + 1000 * seconds++),
      },
    );
    assert.equal(run.code, 0, run.stdout + run.stderr);
    const requests = sandbox.tenant.requests().slice(before);
    const alone = await withoutBatches(sandbox);
    assert.equal(alone.stdout, run.stdout, "the report is the same when each thing is asked for by itself");
    const { coverage, clients: audited } = auditReportSchema.parse(JSON.parse(run.stdout));
    assert.equal(audited.length, clients);
    const made = requests.filter(({ operation }) => /^(graph|arm)\./.test(operation ?? ""));
    const batches = made.filter(({ operation }) => operation === "graph.batch");
    const within = batches.reduce(
      (sum, { body }) => sum + (body as { readonly requests: readonly unknown[] }).requests.length,
      0,
    );
    return {
      requests: made.length - batches.length,
      sent: made.length - within,
      counted: coverage.calls.reduce((sum, { asked }) => sum + asked, 0),
      stderr: run.stderr,
    };
  } finally {
    await sandbox.stop();
  }
}

/** An audit of a tenant that does not know batches. */
async function withoutBatches(sandbox: DeployedSandbox): Promise<OperationRun> {
  await sandbox.tenant.control("POST", "faults", {
    operation: "graph.batch",
    effect: { kind: "refuse", status: 501, code: "NotImplemented", message: "No." },
    times: 1000,
  });
  const run = await sandbox.on("audit", ["--format", "json"]);
  await sandbox.tenant.control("DELETE", "faults");
  return run;
}

describe("an audit of many clients among many applications", function () {
  this.timeout(90_000);

  /**
   * Eight for each client; two for each fifteen names, living and deleted namesakes; temporary names, the API, subscriptions, their role
   * assignments, one role's name, and the five kinds of policies. The report on the use of credentials, which is refused here, is asked
   * for once more.
   */
  const needed = (clients: number): number => 8 * clients + 2 * Math.ceil(clients / 15) + 10;
  const useReport = 1;

  it("asks as often as its clients need, and not for applications that are none of them", async () => {
    const few = await auditOf(3, 20, 5);
    const many = await auditOf(33, 600, 250);
    assert.deepEqual([few.requests, many.requests], [needed(3) + useReport, needed(33) + useReport]);
    assert.deepEqual([few.counted, many.counted], [needed(3), needed(33)]);
    assert.ok(many.sent <= many.requests / 4, `${many.sent} for ${many.requests}`);
    const progress = many.stderr.match(/^Reading clients: \d+ of 33$/gm) ?? [];
    assert.ok(progress.length >= 1 && progress.length <= 3, many.stderr);
  });
});
