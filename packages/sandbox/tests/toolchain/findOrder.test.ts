import assert from "node:assert/strict";
import { mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { minimumVersion, pinnedVersion } from "../../toolchain/pinnedVersion";
import { Workbench } from "./workbench";

const pinned = `v${pinnedVersion.version}`;

describe("toolchain: where the CLI is looked for", () => {
  let bench: Workbench;
  beforeEach(() => (bench = new Workbench()));
  afterEach(() => bench.remove());

  it("takes a CLI on PATH before the one in the versions folder", async () => {
    const path = bench.writePulumi("v3.300.1");
    bench.install(bench.cli(pinned));
    assert.deepEqual(await bench.ensure(), {
      path,
      version: "3.300.1",
      root: bench.folder,
      origin: `Pulumi CLI v3.300.1 from PATH (${path})`,
    });
    assert.equal(bench.startCount, 1);
    assert.deepEqual(bench.lines, []);
  });

  it("asks a CLI on PATH for its version once, and anew when another has taken its place", async () => {
    bench.writePulumi("v3.300.1");
    await bench.ensure();
    await bench.ensure();
    assert.equal(bench.startCount, 1);
    bench.writePulumi("v3.300.12");
    assert.equal((await bench.ensure()).version, "3.300.12");
    assert.equal(bench.startCount, 2);
  });

  it("gives no root for an executable outside a bin folder", async () => {
    const tools = join(bench.folder, "tools");
    mkdirSync(tools);
    renameSync(bench.writePulumi("v3.300.0"), join(tools, "pulumi"));
    bench.env["PATH"] = ["", join(bench.folder, "nowhere"), tools].join(delimiter);
    const { path, root } = await bench.ensure();
    assert.equal(path, join(tools, "pulumi"));
    assert.equal(root, undefined);
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
      const path = bench.writePulumi(version);
      bench.install(bench.cli(pinned));
      const cli = await bench.ensure();
      assert.equal(cli.path, taken ? path : bench.executable);
      assert.equal(bench.lines.length, taken ? 0 : 1);
      if (!taken) assert.match(bench.lines[0] ?? "", /^pulumi on PATH is not used: .* v3\.250\.0 or newer/);
    });
  }

  it("passes over a newer CLI on PATH when the pinned one is wanted, but not the pinned one itself", async () => {
    const newer = bench.writePulumi("v3.300.1");
    bench.install(bench.cli(pinned));
    assert.equal((await bench.ensure({ pinned: true })).path, bench.executable);
    assert.deepEqual(bench.lines, [`pulumi on PATH is not used: ${newer} is v3.300.1; ${pinned} is pinned`]);
    const same = bench.writePulumi(pinned);
    assert.equal((await bench.ensure({ pinned: true })).path, same);
  });

  for (const [defect, script, complaint] of [
    ["prints something else", "echo hello", /it prints "hello" for `pulumi version`/],
    ["prints nothing", "exit 0", /it prints nothing/],
    ["fails", "exit 3", /exit code 3/],
    ["is ended by a signal", "kill -SEGV $$", /ended by SIGSEGV/],
  ] as const) {
    it(`passes over a CLI on PATH that ${defect}, and says so`, async () => {
      bench.writeProgram("pulumi", script);
      bench.install(bench.cli(pinned));
      assert.equal((await bench.ensure()).path, bench.executable);
      assert.match(bench.lines.join("\n"), complaint);
    });
  }

  it("does not take a file on PATH that cannot be executed", async () => {
    writeFileSync(join(bench.bin, "pulumi"), "#!/bin/sh\necho v3.300.0\n", { mode: 0o644 });
    bench.install(bench.cli(pinned));
    assert.equal((await bench.ensure()).path, bench.executable);
  });

  it("does not take a CLI from the current folder, which an empty entry of PATH stands for", async () => {
    bench.writePulumi("v3.300.0");
    bench.install(bench.cli(pinned));
    const before = process.cwd();
    process.chdir(bench.bin);
    try {
      bench.env["PATH"] = delimiter;
      assert.equal((await bench.ensure()).path, bench.executable);
    } finally {
      process.chdir(before);
    }
  });

  it("takes the CLI in the versions folder before it downloads or builds one", async () => {
    bench.install(bench.cli(pinned));
    bench.writeGo();
    assert.deepEqual(await bench.ensure(), {
      path: bench.executable,
      version: pinnedVersion.version,
      root: bench.root,
      origin: `Pulumi CLI ${pinned} from ${bench.root}`,
    });
    assert.equal(bench.buildCount, 0);
  });

  it("follows PULUMI_HOME", async () => {
    bench.install(bench.cli(pinned));
    const cli = await bench.ensure({
      env: {
        PATH: bench.bin,
        HOME: join(bench.folder, "elsewhere"),
        PULUMI_HOME: join(bench.home, ".pulumi"),
      },
    });
    assert.equal(cli.path, bench.executable);
  });

  it("starts the CLI of the versions folder once, and again only when the file has changed", async () => {
    bench.install(bench.cli(pinned));
    await bench.ensure();
    await bench.ensure();
    assert.equal(bench.startCount, 1);

    const { atime, mtime } = statSync(bench.executable);
    utimesSync(bench.executable, atime, new Date(mtime.getTime() - 5_000));
    await bench.ensure();
    assert.equal(bench.startCount, 2);
  });

  it("notices that a CLI it has checked before was cut short", async () => {
    bench.install(bench.cli(pinned));
    await bench.ensure();
    bench.install("");
    bench.writeGo();
    assert.match((await bench.ensure()).origin, /just built/);
    assert.equal(bench.buildCount, 1);
  });

  for (const [defect, script, complaint] of [
    ["broken", "exit 1", /is not used: `pulumi version` ends with exit code 1/],
    ["of another version", "echo v3.200.0", /is not used: it reports v3\.200\.0 instead of v/],
  ] as const) {
    it(`replaces a CLI in the versions folder that is ${defect}, and says so`, async () => {
      bench.install(script);
      writeFileSync(join(bench.root, "bin", "pulumi-language-nodejs"), "of the defective installation");
      bench.writeGo();
      assert.equal((await bench.ensure()).path, bench.executable);
      assert.match(bench.lines[0] ?? "", complaint);
      assert.match(bench.lines[1] ?? "", /^no usable Pulumi CLI found; building/);
      assert.deepEqual(bench.installed, [pinnedVersion.version]);
      const lines = bench.lines.length;
      assert.match((await bench.ensure()).origin, /from /);
      assert.equal(bench.lines.length, lines);
    });
  }
});
