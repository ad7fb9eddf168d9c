import assert from "node:assert/strict";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import { ToolchainInterruptedError } from "../../toolchain/pulumiCli";
import { Workbench, isAlive, until } from "./workbench";

describe("toolchain: two runs at once, and interruptions", function () {
  this.timeout(60_000);
  let bench: Workbench;
  beforeEach(() => (bench = new Workbench()));
  afterEach(() => bench.remove());

  it("builds once for two processes that want the CLI at the same time", async () => {
    bench.writeWaitingGo();
    const runs = [bench.startCommandLine(), bench.startCommandLine()];
    await bench.building();
    await until(() => runs.some((run) => run.progress.includes("another run is already preparing")));
    bench.letBuild();
    const ends = await Promise.all(runs.map((run) => run.ended()));
    for (const end of ends) {
      assert.equal(end.code, 0, end.stderr);
      assert.equal(end.stdout, `${bench.executable}\n`);
    }
    assert.equal(ends.filter((end) => end.stderr.includes("prepared by another run")).length, 1);
    assert.equal(bench.buildCount, 1);
    assert.deepEqual(bench.installed, [pinnedVersion.version]);
  });

  it("builds once for two calls in one process", async () => {
    bench.writeGo({ before: "/bin/sleep 0.3" });
    const [first, second] = await Promise.all([bench.ensure(), bench.ensure()]);
    assert.equal(first.path, second.path);
    assert.equal(bench.buildCount, 1);
  });

  it("goes on reporting while it waits for the other run", async () => {
    bench.writeWaitingGo();
    const other = bench.startCommandLine();
    await bench.building();
    const run = bench.ensure({ settings: { heartbeat: 20 } });
    await until(() => bench.lines.some((line) => /^waiting for the other run .*: \d+ s$/.test(line)));
    bench.letBuild();
    assert.match((await run).origin, /prepared by another run/);
    assert.equal((await other.ended()).code, 0);
  });

  it("takes its turn when the other run fails", async () => {
    bench.writeWaitingGo();
    const other = bench.startCommandLine();
    await bench.building();
    const run = bench.ensure();
    await until(() => bench.lines.length > 0);
    bench.writeGo();
    other.kill("SIGTERM");
    assert.match((await run).origin, /just built/);
    assert.equal((await other.ended()).signal, "SIGTERM");
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`leaves nothing behind after ${signal}, the compiler included`, async () => {
      bench.writeWaitingGo();
      const run = bench.startCommandLine();
      const go = await bench.building();
      assert.equal(bench.installed.length, 2, "a lock and a folder in the making");
      run.kill(signal);
      const end = await run.ended();
      assert.equal(end.signal, signal);
      assert.match(end.stderr, new RegExp(`^Stopped by ${signal} before the Pulumi CLI was ready`, "m"));
      assert.equal(end.stdout, "");
      assert.equal(isAlive(go), false);
      assert.deepEqual(bench.installed, []);
    });
  }

  it("leaves nothing behind when the caller aborts", async () => {
    bench.writeWaitingGo();
    const controller = new AbortController();
    const run = bench.ensure({ signal: controller.signal });
    const go = await bench.building();
    controller.abort();
    await assert.rejects(run, ToolchainInterruptedError);
    assert.equal(isAlive(go), false);
    assert.deepEqual(bench.installed, []);
  });

  it("leaves nothing behind when the caller exits in the middle of it", async () => {
    // busy enough to undo a removal that comes before its end
    bench.writeWaitingGo(`/bin/mkdir -p "\${output%/*}"; printf 'half' > "$output"`);
    const run = bench.start(join(__dirname, "exitingCaller.ts"));
    const go = await bench.building();
    run.kill("SIGUSR2");
    assert.equal((await run.ended()).code, 3);
    await until(() => !isAlive(go));
    assert.deepEqual(bench.installed, []);
  });

  it("stops waiting for another run when the caller aborts, and leaves that alone", async () => {
    bench.writeWaitingGo();
    const other = bench.startCommandLine();
    const go = await bench.building();
    const controller = new AbortController();
    const run = bench.ensure({ signal: controller.signal });
    await until(() => bench.lines.length > 0);
    controller.abort();
    await assert.rejects(run, ToolchainInterruptedError);
    assert.equal(isAlive(go), true);
    bench.letBuild();
    assert.equal((await other.ended()).code, 0);
  });

  it("does nothing when the caller has aborted already", async () => {
    let looked = false;
    const env = {
      get PATH(): string {
        looked = true;
        return bench.bin;
      },
    };
    await assert.rejects(bench.ensure({ env, signal: AbortSignal.abort() }), ToolchainInterruptedError);
    assert.equal(looked, false);
  });

  it("does not lose an interrupt that comes when the CLI is ready", async () => {
    bench.writeGo();
    const controller = new AbortController();
    const run = bench.ensure({
      signal: controller.signal,
      progress: (line) => {
        if (line.startsWith("Pulumi CLI ready")) controller.abort();
      },
    });
    await assert.rejects(run, ToolchainInterruptedError);
    assert.deepEqual(bench.installed, [pinnedVersion.version]);
  });

  it("leaves this process's own reaction to signals as it was", async () => {
    const before = process.listenerCount("SIGINT");
    bench.writeGo();
    await bench.ensure();
    assert.equal(process.listenerCount("SIGINT"), before);
  });

  it("ends the compiler of a killed run, and recovers from what that left", async () => {
    bench.writeWaitingGo();
    const killed = bench.startCommandLine();
    const go = await bench.building();
    killed.kill("SIGKILL");
    await killed.ended();
    await until(() => !isAlive(go));
    assert.equal(bench.installed.length, 2, "a lock and a folder in the making");

    bench.writeGo();
    assert.equal((await bench.ensure()).path, bench.executable);
    assert.equal(bench.lines[0], "another run is already preparing the Pulumi CLI; waiting for it");
    assert.deepEqual(bench.installed, [pinnedVersion.version]);
  });

  it("starts over when another run has taken its lock", async () => {
    bench.writeWaitingGo();
    const run = bench.ensure();
    const first = await bench.building();
    // as a run does that found the lock without a sign of life for too long
    const lock = `${bench.root}.lock`;
    rmSync(lock, { recursive: true });
    mkdirSync(lock);
    await until(() => !isAlive(first));
    bench.writeGo();
    rmSync(lock, { recursive: true });
    assert.equal((await run).path, bench.executable);
    assert.ok(bench.lines.includes("another run has taken over preparing the Pulumi CLI"));
    assert.deepEqual(bench.installed, [pinnedVersion.version]);
  });

  it("removes leftovers of runs that are gone, and only those", async () => {
    const leftover = (pid: number, name: string): string => {
      const path = join(bench.versions, `.${pinnedVersion.version}.partial-${pid}-${name}`);
      mkdirSync(join(path, "root"), { recursive: true });
      return path;
    };
    const gone = bench.startCommandLine();
    const { stderr } = await gone.ended();
    assert.match(stderr, /no `go` on PATH/);
    leftover(gone.pid, "dead");
    leftover(process.pid, "namesake");
    const old = leftover(process.ppid, "old");
    utimesSync(old, new Date(0), new Date(0));
    leftover(process.ppid, "atwork");
    writeFileSync(join(bench.versions, "notes.txt"), "the user's own");
    mkdirSync(join(bench.versions, "3.200.0"));

    bench.writeGo();
    await bench.ensure();
    assert.deepEqual(bench.installed, [
      `.${pinnedVersion.version}.partial-${process.ppid}-atwork`,
      "3.200.0",
      pinnedVersion.version,
      "notes.txt",
    ]);
  });

  it("never shows a half-written CLI under its final name", async () => {
    bench.writeWaitingGo();
    const run = bench.ensure();
    await bench.building();
    assert.equal(bench.installed.includes(pinnedVersion.version), false);
    bench.letBuild();
    await run;
  });
});
