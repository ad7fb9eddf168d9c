import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { minimumVersion, pinnedVersion } from "../../toolchain/pinnedVersion";
import { ToolchainFixture } from "./toolchainFixture";

const pinned = `v${pinnedVersion.version}`;

describe("toolchain: where the CLI is looked for", () => {
  let fixture: ToolchainFixture;
  beforeEach(() => (fixture = new ToolchainFixture()));
  afterEach(() => fixture.remove());

  it("takes a CLI on PATH before the one in the versions folder", async () => {
    const path = fixture.writePulumi("v3.300.1");
    fixture.install(fixture.cli(pinned));
    const { command, ...cli } = await fixture.ensure();
    assert.equal(command.command, path);
    assert.deepEqual(cli, {
      path,
      version: "3.300.1",
      origin: `Pulumi CLI v3.300.1 from PATH (${path})`,
    });
    assert.equal(fixture.startCount, 1);
    assert.deepEqual(fixture.lines, []);
  });

  for (const [version, taken] of [
    [`v${minimumVersion.version}`, true],
    ["3.250.1", true],
    ["v3.260.0-alpha.xc0ffee+dirty", true],
    ["v3.249.9", false],
    ["v3.99.0", false],
    ["v3.250.0-alpha.1", false],
    ["v2.300.0", false],
    ["v4.0.0", false],
  ] as const) {
    it(`${taken ? "takes" : "passes over"} ${version} on PATH`, async () => {
      const path = fixture.writePulumi(version);
      fixture.install(fixture.cli(pinned));
      const cli = await fixture.ensure();
      assert.equal(cli.path, taken ? path : fixture.executable);
      assert.equal(fixture.lines.length, taken ? 0 : 1);
      if (!taken) assert.match(fixture.lines[0] ?? "", /^pulumi on PATH is not used: .* v3\.250\.0 or newer/);
    });
  }

  it("passes over a newer CLI on PATH when the pinned one is wanted, but not the pinned one itself", async () => {
    const newer = fixture.writePulumi("v3.300.1");
    fixture.install(fixture.cli(pinned));
    assert.equal((await fixture.ensure({ pinned: true })).path, fixture.executable);
    assert.deepEqual(fixture.lines, [
      `pulumi on PATH is not used: ${newer} is v3.300.1; ${pinned} is pinned`,
    ]);
    const same = fixture.writePulumi(pinned);
    assert.equal((await fixture.ensure({ pinned: true })).path, same);
  });

  for (const [defect, script, complaint] of [
    ["prints something else", "echo hello", /does not answer `pulumi version` with a version/],
    ["prints nothing", "exit 0", /does not answer `pulumi version` with a version/],
    ["fails", "exit 3", /exit code 3/],
    ["is ended by a signal", "kill -SEGV $$", /SIGSEGV/],
  ] as const) {
    it(`passes over a CLI on PATH that ${defect}, and says so`, async () => {
      fixture.writeProgram("pulumi", script);
      fixture.install(fixture.cli(pinned));
      assert.equal((await fixture.ensure()).path, fixture.executable);
      assert.match(fixture.lines.join("\n"), complaint);
    });
  }

  it("does not take a file on PATH that cannot be executed", async () => {
    writeFileSync(join(fixture.bin, "pulumi"), "#!/bin/sh\necho v3.300.0\n", { mode: 0o644 });
    fixture.install(fixture.cli(pinned));
    assert.equal((await fixture.ensure()).path, fixture.executable);
  });

  it("does not take a CLI from the current folder, which an empty entry of PATH stands for", async () => {
    fixture.writePulumi("v3.300.0");
    fixture.install(fixture.cli(pinned));
    const before = process.cwd();
    process.chdir(fixture.bin);
    try {
      fixture.env["PATH"] = delimiter;
      assert.equal((await fixture.ensure()).path, fixture.executable);
    } finally {
      process.chdir(before);
    }
  });

  it("takes the CLI in the versions folder before it downloads or builds one", async () => {
    fixture.install(fixture.cli(pinned));
    fixture.writeGo();
    const { command, ...cli } = await fixture.ensure();
    assert.equal(command.command, fixture.executable);
    assert.deepEqual(cli, {
      path: fixture.executable,
      version: pinnedVersion.version,
      origin: `Pulumi CLI ${pinned} from ${fixture.root}`,
    });
    assert.equal(fixture.buildCount, 0);
    await fixture.ensure();
    assert.equal(fixture.startCount, 1, "started once by a process");
  });

  it("follows PULUMI_HOME", async () => {
    fixture.install(fixture.cli(pinned));
    const cli = await fixture.ensure({
      env: {
        PATH: fixture.bin,
        HOME: join(fixture.folder, "elsewhere"),
        PULUMI_HOME: join(fixture.home, ".pulumi"),
      },
    });
    assert.equal(cli.path, fixture.executable);
  });

  for (const [defect, script, complaint] of [
    ["broken", "exit 1", /is not used: .*exit code 1/],
    ["of another version", "echo v3.200.0", /is not used: .* is v3\.200\.0; v[\d.]+ is pinned/],
  ] as const) {
    it(`replaces a CLI in the versions folder that is ${defect}, and says so`, async () => {
      fixture.install(script);
      writeFileSync(join(fixture.root, "bin", "pulumi-language-nodejs"), "of the defective installation");
      fixture.writeGo();
      assert.equal((await fixture.ensure()).path, fixture.executable);
      assert.match(fixture.lines[0] ?? "", complaint);
      assert.match(fixture.lines[1] ?? "", /^no usable Pulumi CLI found; building/);
      assert.deepEqual(fixture.installed, [pinnedVersion.version]);
      const lines = fixture.lines.length;
      assert.match((await fixture.ensure()).origin, /from /);
      assert.equal(fixture.lines.length, lines);
    });
  }
});
