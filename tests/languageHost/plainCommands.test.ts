import assert from "node:assert/strict";
import { readerAccess } from "../operations/deployedSandbox";
import { PlainCli } from "./plainCli";

const gateway = {
  displayName: "Gateway",
  access: [readerAccess],
  consent: "managed",
  secret: { from: "2026-11-23" },
};

describe("a plain Pulumi CLI on the sandbox tenant", function () {
  this.timeout(180_000);
  let cli: PlainCli;

  before(async () => {
    cli = await PlainCli.start();
    await cli.configure("dev", { gateway }, { asOf: "2026-11-24" });
    await cli.succeed(["stack", "init", "dev"]);
  });
  after(() => cli.stop());

  it("previews, deploys, and finds nothing to do afterwards", async () => {
    assert.match(await cli.succeed(["preview"]), /\+ 7 to create/);
    assert.match(await cli.succeed(["up", "--yes", "--skip-preview"]), /\+ 7 created/);
    assert.match(await cli.succeed(["up", "--yes", "--skip-preview"]), /7 unchanged/);
    assert.equal((await cli.run(["preview", "--expect-no-changes"])).code, 0);
  });
});
