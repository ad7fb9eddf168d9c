import assert from "node:assert/strict";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import { pulumiCommand } from "../../toolchain/pulumiCommand";
import { Workbench } from "./workbench";

describe("toolchain: the Automation API's command", () => {
  let bench: Workbench;
  beforeEach(() => (bench = new Workbench()));
  afterEach(() => bench.remove());

  it("runs the CLI that was found, which is started once for any number of uses", async () => {
    bench.install(bench.cli(`v${pinnedVersion.version}`));
    const cli = await bench.ensure();
    const started = bench.startCount;
    const command = await pulumiCommand(cli);
    assert.equal(command.command, bench.executable);
    assert.equal(command.version?.version, pinnedVersion.version);
    assert.equal(await pulumiCommand(cli), command);
    assert.equal(bench.startCount, started + 1);
  });

  it("runs a CLI from PATH by its absolute path when that ends in bin/pulumi", async () => {
    const path = bench.writePulumi("v3.300.0");
    assert.equal((await pulumiCommand(await bench.ensure())).command, path);
  });

  it("tries anew after a failure", async () => {
    bench.install("exit 1");
    const cli = { path: bench.executable, version: pinnedVersion.version, root: bench.root, origin: "" };
    await assert.rejects(pulumiCommand(cli));
    bench.install(bench.cli(`v${pinnedVersion.version}`));
    assert.equal((await pulumiCommand(cli)).version?.version, pinnedVersion.version);
  });
});
