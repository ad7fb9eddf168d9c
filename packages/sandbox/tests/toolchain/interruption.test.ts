import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
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

  it("takes its turn when the other run fails", async () => {
    fixture.writeWaitingGo();
    const other = fixture.startCommandLine();
    await fixture.building();
    const run = fixture.ensure();
    await until(() => fixture.lines.length > 0);
    fixture.writeGo();
    other.kill("SIGTERM");
    assert.match((await run).origin, /just built/);
    assert.equal((await other.ended()).code, 130);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`leaves nothing behind after ${signal}, the compiler included`, async () => {
      fixture.writeWaitingGo();
      const run = fixture.startCommandLine();
      const go = await fixture.building();
      assert.equal(fixture.installed.length, 2, "a lock and a folder in the making");
      run.kill(signal);
      const end = await run.ended();
      assert.equal(end.code, 130);
      assert.match(end.stderr, /^Interrupted/m);
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
    await assert.rejects(run, { name: "AbortError" });
    assert.equal(isAlive(go), false);
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
    await assert.rejects(run, { name: "AbortError" });
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
    await assert.rejects(fixture.ensure({ env, signal: AbortSignal.abort() }), { name: "AbortError" });
    assert.equal(looked, false);
  });

  it("removes what a killed run has left", async () => {
    const leftover = join(fixture.versions, `.${pinnedVersion.version}.partial-killed`);
    mkdirSync(join(leftover, "root"), { recursive: true });
    writeFileSync(join(fixture.versions, "notes.txt"), "the user's own");
    mkdirSync(join(fixture.versions, "3.200.0"));
    fixture.writeGo();
    await fixture.ensure();
    assert.deepEqual(fixture.installed, ["3.200.0", pinnedVersion.version, "notes.txt"]);
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
