import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { TestSandbox } from "lab";

describe("the policy pack on the sandbox", function () {
  this.timeout(120_000);
  const sandbox = new TestSandbox();
  after(() => sandbox.remove());

  it("judges a preview by the configuration that a command names", async () => {
    const config = sandbox.file("policy-config.json");
    writeFileSync(config, JSON.stringify({ "secretless-stacks": { stacks: ["sandbox"] } }));
    const { code, stdout } = await sandbox.run(
      "preview",
      "--policy-pack",
      "policy",
      "--policy-pack-config",
      config,
    );
    assert.equal(code, 1);
    assert.match(
      stdout,
      /\[mandatory\] \[severity: high\] {2}secretless-stacks {2}\(azuread:index:ApplicationPassword: imaging-gateway-secret-a\)/,
    );
    assert.equal(stdout.match(/\[mandatory\]|\[advisory\]/g)?.length, 1, stdout);
  });
});
