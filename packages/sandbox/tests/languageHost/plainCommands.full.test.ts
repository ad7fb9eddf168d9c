import assert from "node:assert/strict";
import { Administrator } from "../../portal/administrator";
import { PlainCli, readerAccess } from "lab";

const gateway = {
  displayName: "Gateway",
  access: [readerAccess],
  consent: "managed",
  secret: { from: "2026-11-23" },
};
const today = { asOf: "2026-11-24" };

describe("a plain Pulumi CLI on the sandbox tenant", function () {
  this.timeout(180_000);
  let cli: PlainCli;

  before(async () => {
    cli = await PlainCli.start();
    await cli.configure("dev", { gateway }, today);
    await cli.succeed(["stack", "init", "dev"]);
    await cli.succeed(["up", "--yes", "--skip-preview"]);
  });
  after(() => cli.stop());

  it("deploys, and finds nothing to do afterwards", async () => {
    assert.match(await cli.succeed(["up", "--yes", "--skip-preview"]), /\b7 unchanged/);
    const { code, stdout } = await cli.run(["preview", "--expect-no-changes"]);
    assert.equal(code, 0, stdout);
  });

  it("exits with 7 when somebody has changed what the stack manages", async () => {
    const clients = JSON.parse(await cli.succeed(["stack", "output", "--json", "clients"])) as {
      readonly gateway: { readonly objectId: string };
    };
    const { objectId } = clients.gateway;
    const administrator = new Administrator(cli.tenant);
    try {
      await administrator.graph("PATCH", `applications/${objectId}`, { displayName: "By hand" });
      const { code, stdout } = await cli.run(["preview", "--expect-no-changes", "--diff"]);
      assert.equal(code, 7, stdout);
      assert.match(stdout, /displayName\s*: "By hand" => "Gateway"/);
    } finally {
      await administrator.graph("PATCH", `applications/${objectId}`, { displayName: "Gateway" });
      administrator.signOut();
    }
  });

  it("shows a mistake in the configuration as it is, without a stack trace", async () => {
    await cli.configure("dev", { gateway: { ...gateway, consent: "perhaps" } }, today);
    try {
      const { code, stdout } = await cli.run(["preview"]);
      assert.equal(code, 1);
      assert.match(stdout, /error: .*[^]*gateway\.consent/);
      assert.doesNotMatch(stdout, /^\s+at /m);
      assert.doesNotMatch(stdout, /non-zero exit code|unhandled exception/);
    } finally {
      await cli.configure("dev", { gateway }, today);
    }
  });

  it("leaves the runtime and the packages out of what it says of itself", async () => {
    const about = JSON.parse(await cli.succeed(["about", "--json"])) as Readonly<Record<string, unknown>>;
    assert.deepEqual([about["runtime"], about["dependencies"]], [null, null]);
  });
});
