import assert from "node:assert/strict";
import { DeployedSandbox } from "lab";

describe("what ops write to stdout", function () {
  this.timeout(90_000);
  let sandbox: DeployedSandbox;

  before(async () => {
    sandbox = await DeployedSandbox.populate({ clients: 500, applications: 510, deleted: 0 }, "2026-07-01");
  });
  after(() => sandbox?.stop());

  it("reaches a slow reader behind a pipe to its end, although it is more than pipes and sockets hold", async () => {
    const inProcess = await sandbox.on("status", ["--format", "json"]);
    assert.ok(inProcess.stdout.length > 4 * 65_536, String(inProcess.stdout.length));
    const child = await sandbox.spawn("status", ["--format", "json"], "slow");
    assert.deepEqual([child.code, child.stderr.includes("Error")], [0, false]);
    assert.ok(child.stdout === inProcess.stdout, "the reader got something else");
  });

  it("may be left unread: a reader that goes away is no failure", async () => {
    const child = await sandbox.spawn("status", ["--format", "json"], "gone");
    assert.deepEqual([child.code, child.stderr], [0, "Reading the declaration of the stack sandbox\n"]);
    assert.ok(child.stdout.length < 4 * 65_536);
  });
});
