import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "components", "stack", "leakTraces");

describe("stack traces", () => {
  /** Prints what a program sees as the stack of two errors. */
  const stacks = (environment: NodeJS.ProcessEnv = {}): [string, string] => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        "-r",
        "ts-node/register",
        "-e",
        `require(${JSON.stringify(program)}).skipLeakTraces();
         console.log(JSON.stringify([new Error().stack, new Error("said").stack]));`,
      ],
      { env: { ...process.env, ...environment }, encoding: "utf8" },
    );
    assert.equal(stderr, "");
    return JSON.parse(stdout) as [string, string];
  };

  it("are kept of errors that say something, and spared of those that the SDK takes for leaks", () => {
    const [silent, said] = stacks();
    assert.equal(silent, "");
    assert.match(said, /^Error: said\n\s+at /);
  });

  it("are all kept when somebody looks for leaks", () => {
    const [silent] = stacks({ PULUMI_DEBUG_PROMISE_LEAKS: "true" });
    assert.match(silent, /^Error\n?\s+at /);
  });
});
