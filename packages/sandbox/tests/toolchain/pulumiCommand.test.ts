import assert from "node:assert/strict";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import { pulumiCommand } from "../../toolchain/pulumiCommand";
import { ToolchainFixture } from "./toolchainFixture";

describe("toolchain: the Automation API's command", () => {
  let fixture: ToolchainFixture;
  beforeEach(() => (fixture = new ToolchainFixture()));
  afterEach(() => fixture.remove());

  it("runs the CLI that was found, which is started once for any number of uses", async () => {
    fixture.install(fixture.cli(`v${pinnedVersion.version}`));
    const cli = await fixture.ensure();
    const started = fixture.startCount;
    const command = await pulumiCommand(cli);
    assert.equal(command.command, fixture.executable);
    assert.equal(command.version?.version, pinnedVersion.version);
    assert.equal(await pulumiCommand(cli), command);
    assert.equal(fixture.startCount, started + 1);
  });

  it("runs a CLI from PATH by its absolute path when that ends in bin/pulumi", async () => {
    const path = fixture.writePulumi("v3.300.0");
    assert.equal((await pulumiCommand(await fixture.ensure())).command, path);
  });

  it("tries anew after a failure", async () => {
    fixture.install("exit 1");
    const cli = { path: fixture.executable, version: pinnedVersion.version, root: fixture.root, origin: "" };
    await assert.rejects(pulumiCommand(cli));
    fixture.install(fixture.cli(`v${pinnedVersion.version}`));
    assert.equal((await pulumiCommand(cli)).version?.version, pinnedVersion.version);
  });
});
