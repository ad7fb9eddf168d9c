import assert from "node:assert/strict";
import { executableOnPath } from "../../toolchain/executableOnPath";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";
import { withSession } from "entra-sandbox";
import { TestSandbox } from "lab";

describe("the environment of the sandbox's engine", function () {
  this.timeout(60_000);
  const sandbox = new TestSandbox();
  after(() => sandbox.remove());

  it("lets operations find the CLI that the sandbox has found, instead of installing one in the sandbox", async () => {
    const cli = await ensurePulumiCli();
    const { config: _own, ...options } = sandbox.options("Pulumi.sandbox.yaml");
    await withSession(options, async ({ environment }) => {
      assert.equal(await executableOnPath("pulumi", environment), cli.path);
    });
  });
});
