import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(__dirname, "..", "..", "..", "..");

describe("the test reporter", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "reporter-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs mocha as `npm test` does on one file of tests; returns its last line and exit code. */
  function run(tests: string): { last: string | undefined; code: number | null } {
    const file = join(folder, "sample.test.js");
    const config = join(folder, "mocharc.json");
    writeFileSync(file, tests);
    writeFileSync(
      config,
      JSON.stringify({
        require: ["tsx/cjs"],
        reporter: join(repository, "tests", "reporter.ts"),
        spec: [file],
      }),
    );
    const { stdout, status } = spawnSync(
      process.execPath,
      [require.resolve("mocha/bin/mocha.js"), "--config", config],
      { cwd: repository, encoding: "utf8" },
    );
    return { last: stdout.trimEnd().split("\n").at(-1), code: status };
  }

  it("ends with the numbers of passed and failed tests", () => {
    assert.deepEqual(run(`it("a", () => {}); it("b", () => {});`), { last: "2 passed, 0 failed", code: 0 });
    assert.deepEqual(run(`it("a", () => {}); it("b", () => { throw new Error("no"); });`), {
      last: "1 passed, 1 failed",
      code: 1,
    });
  });

  it("counts a failed hook as a failure", () => {
    assert.deepEqual(
      run(`
        it("a", () => {});
        describe("with a hook", () => {
          before(() => { throw new Error("no"); });
          it("b", () => {});
        });`),
      { last: "1 passed, 1 failed", code: 1 },
    );
  });

  it("tells skipped tests only when there are any", () => {
    assert.deepEqual(run(`it("a", () => {}); it("b");`), { last: "1 passed, 0 failed, 1 skipped", code: 0 });
  });
});
