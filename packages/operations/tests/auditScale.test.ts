import assert from "node:assert/strict";
import { auditReportSchema } from "../audit/auditReport";
import { DeployedSandbox } from "lab";

/** What an audit of a populated sandbox has asked, by the tenant's own account. */
interface Asked {
  /** Requests to Microsoft Graph and Azure Resource Manager. */
  readonly requests: number;
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
    const { coverage, clients: audited } = auditReportSchema.parse(JSON.parse(run.stdout));
    assert.equal(audited.length, clients);
    return {
      requests: sandbox.tenant
        .requests()
        .slice(before)
        .filter(({ operation }) => /^(graph|arm)\./.test(operation ?? "")).length,
      counted: coverage.calls.reduce((sum, { asked }) => sum + asked, 0),
      stderr: run.stderr,
    };
  } finally {
    await sandbox.stop();
  }
}

describe("an audit of many clients among many applications", function () {
  this.timeout(90_000);

  /**
   * Eight for each client; two for each fifteen names, living and deleted namesakes; the API, subscriptions, their role
   * assignments, and one role's name.
   */
  const needed = (clients: number): number => 8 * clients + 2 * Math.ceil(clients / 15) + 4;

  it("asks as often as its clients need, and not for applications that are none of them", async () => {
    const few = await auditOf(3, 20, 5);
    const many = await auditOf(33, 600, 250);
    assert.deepEqual([few.requests, many.requests], [needed(3), needed(33)]);
    assert.deepEqual([few.counted, many.counted], [few.requests, many.requests]);
    const progress = many.stderr.match(/^Reading clients: \d+ of 33$/gm) ?? [];
    assert.ok(progress.length >= 1 && progress.length <= 3, many.stderr);
  });
});
