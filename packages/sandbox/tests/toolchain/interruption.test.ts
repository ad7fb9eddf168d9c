import assert from "node:assert/strict";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import { ToolchainInterruptedError } from "../../toolchain/pulumiCli";
import { ToolchainFixture, isAlive, until } from "./toolchainFixture";

describe("toolchain: two runs at once, and interruptions", function () {
  this.timeout(60_000);
  let fixture: ToolchainFixture;
  beforeEach(() => (fixture = new ToolchainFixture()));
  afterEach(() => fixture.remove());

  it("builds once for two processes that want the CLI at the same time", async () => {
    fixture.writeWaitingGo();
    const runs = [fixture.startCommandLine(), fixture.startCommandLine()];
    await fixture.building();
    await until(() => runs.some((run) => run.progress.includes("another run is already preparing")));
    fixture.letBuild();
    const ends = await Promise.all(runs.map((run) => run.ended()));
    for (const end of ends) {
      assert.equal(end.code, 0, end.stderr);
      assert.equal(end.stdout, `${fixture.executable}\n`);
    }
    assert.equal(ends.filter((end) => end.stderr.includes("prepared by another run")).length, 1);
    assert.equal(fixture.buildCount, 1);
    assert.deepEqual(fixture.installed, [pinnedVersion.version]);
  });

  it("builds once for two calls in one process", async () => {
    fixture.writeGo({ before: "/bin/sleep 0.3" });
    const [first, second] = await Promise.all([fixture.ensure(), fixture.ensure()]);
    assert.equal(first.path, second.path);
    assert.equal(fixture.buildCount, 1);
  });

  it("goes on reporting while it waits for the other run", async () => {
    fixture.writeWaitingGo();
    const other = fixture.startCommandLine();
    await fixture.building();
    const run = fixture.ensure({ settings: { heartbeat: 20 } });
    await until(() => fixture.lines.some((line) => /^waiting for the other run .*: \d+ s$/.test(line)));
    fixture.letBuild();
    assert.match((await run).origin, /prepared by another run/);
    assert.equal((await other.ended()).code, 0);
  });

  it("takes its turn when the other run fails", async () => {
    fixture.writeWaitingGo();
    const other = fixture.startCommandLine();
    await fixture.building();
    const run = fixture.ensure();
    await until(() => fixture.lines.length > 0);
    fixture.writeGo();
    other.kill("SIGTERM");
    assert.match((await run).origin, /just built/);
    assert.equal((await other.ended()).signal, "SIGTERM");
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`leaves nothing behind after ${signal}, the compiler included`, async () => {
      fixture.writeWaitingGo();
      const run = fixture.startCommandLine();
      const go = await fixture.building();
      assert.equal(fixture.installed.length, 2, "a lock and a folder in the making");
      run.kill(signal);
      const end = await run.ended();
      assert.equal(end.signal, signal);
      assert.match(end.stderr, new RegExp(`^Stopped by ${signal} before the Pulumi CLI was ready`, "m"));
      assert.equal(end.stdout, "");
      assert.equal(isAlive(go), false);
      assert.deepEqual(fixture.installed, []);
    });
  }

  it("leaves nothing behind when the caller aborts", async () => {
    fixture.writeWaitingGo();
    const controller = new AbortController();
    const run = fixture.ensure({ signal: controller.signal });
    const go = await fixture.building();
    controller.abort();
    await assert.rejects(run, ToolchainInterruptedError);
    assert.equal(isAlive(go), false);
    assert.deepEqual(fixture.installed, []);
  });

  it("leaves nothing behind when the caller exits in the middle of it", async () => {
    // busy enough to undo a removal that comes before its end
    fixture.writeWaitingGo(`/bin/mkdir -p "\${output%/*}"; printf 'half' > "$output"`);
    const run = fixture.start(join(__dirname, "exitingCaller.ts"));
    const go = await fixture.building();
    run.kill("SIGUSR2");
    assert.equal((await run.ended()).code, 3);
    await until(() => !isAlive(go));
    assert.deepEqual(fixture.installed, []);
  });

  it("stops waiting for another run when the caller aborts, and leaves that alone", async () => {
    fixture.writeWaitingGo();
    const other = fixture.startCommandLine();
    const go = await fixture.building();
    const controller = new AbortController();
    const run = fixture.ensure({ signal: controller.signal });
    await until(() => fixture.lines.length > 0);
    controller.abort();
    await assert.rejects(run, ToolchainInterruptedError);
    assert.equal(isAlive(go), true);
    fixture.letBuild();
    assert.equal((await other.ended()).code, 0);
  });

  it("does nothing when the caller has aborted already", async () => {
    let looked = false;
    const env = {
      get PATH(): string {
        looked = true;
        return fixture.bin;
      },
    };
    await assert.rejects(fixture.ensure({ env, signal: AbortSignal.abort() }), ToolchainInterruptedError);
    assert.equal(looked, false);
  });

  it("does not lose an interrupt that comes when the CLI is ready", async () => {
    fixture.writeGo();
    const controller = new AbortController();
    const run = fixture.ensure({
      signal: controller.signal,
      progress: (line) => {
        if (line.startsWith("Pulumi CLI ready")) controller.abort();
      },
    });
    await assert.rejects(run, ToolchainInterruptedError);
    assert.deepEqual(fixture.installed, [pinnedVersion.version]);
  });

  it("leaves this process's own reaction to signals as it was", async () => {
    const before = process.listenerCount("SIGINT");
    fixture.writeGo();
    await fixture.ensure();
    assert.equal(process.listenerCount("SIGINT"), before);
  });

  it("ends the compiler of a killed run, and recovers from what that left", async () => {
    fixture.writeWaitingGo();
    const killed = fixture.startCommandLine();
    const go = await fixture.building();
    killed.kill("SIGKILL");
    await killed.ended();
    await until(() => !isAlive(go));
    assert.equal(fixture.installed.length, 2, "a lock and a folder in the making");

    fixture.writeGo();
    assert.equal((await fixture.ensure()).path, fixture.executable);
    assert.equal(fixture.lines[0], "another run is already preparing the Pulumi CLI; waiting for it");
    assert.deepEqual(fixture.installed, [pinnedVersion.version]);
  });

  it("starts over when another run has taken its lock", async () => {
    fixture.writeWaitingGo();
    const run = fixture.ensure();
    const first = await fixture.building();
    // as a run does that found the lock without a sign of life for too long
    const lock = `${fixture.root}.lock`;
    rmSync(lock, { recursive: true });
    mkdirSync(lock);
    await until(() => !isAlive(first));
    fixture.writeGo();
    rmSync(lock, { recursive: true });
    assert.equal((await run).path, fixture.executable);
    assert.ok(fixture.lines.includes("another run has taken over preparing the Pulumi CLI"));
    assert.deepEqual(fixture.installed, [pinnedVersion.version]);
  });

  it("removes leftovers of runs that are gone, and only those", async () => {
    const leftover = (pid: number, name: string): string => {
      const path = join(fixture.versions, `.${pinnedVersion.version}.partial-${pid}-${name}`);
      mkdirSync(join(path, "root"), { recursive: true });
      return path;
    };
    const gone = fixture.startCommandLine();
    const { stderr } = await gone.ended();
    assert.match(stderr, /no `go` on PATH/);
    leftover(gone.pid, "dead");
    leftover(process.pid, "namesake");
    const old = leftover(process.ppid, "old");
    utimesSync(old, new Date(0), new Date(0));
    leftover(process.ppid, "atwork");
    writeFileSync(join(fixture.versions, "notes.txt"), "the user's own");
    mkdirSync(join(fixture.versions, "3.200.0"));

    fixture.writeGo();
    await fixture.ensure();
    assert.deepEqual(fixture.installed, [
      `.${pinnedVersion.version}.partial-${process.ppid}-atwork`,
      "3.200.0",
      pinnedVersion.version,
      "notes.txt",
    ]);
  });

  it("never shows a half-written CLI under its final name", async () => {
    fixture.writeWaitingGo();
    const run = fixture.ensure();
    await fixture.building();
    assert.equal(fixture.installed.includes(pinnedVersion.version), false);
    fixture.letBuild();
    await run;
  });
});
