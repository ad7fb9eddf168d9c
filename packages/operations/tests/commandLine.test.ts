import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operationRun, type OperationRun } from "lab";

describe("the command line of the operations", function () {
  this.timeout(60_000);
  const run = (argv: readonly string[], cwd = tmpdir()): Promise<OperationRun> =>
    operationRun(argv, { env: { PATH: "" }, cwd });

  it("says its version", async () => {
    assert.deepEqual(await run(["--version"]), { code: 0, stdout: "0.1.0\n", stderr: "" });
  });

  for (const [argv, said] of [
    [["stauts"], /^error: unknown command 'stauts'\n\(Did you mean status\?\)\n/],
    [["status", "--wran", "3"], /^error: unknown option '--wran'\n\(Did you mean --warn\?\)\n/],
    [["pipelines", "githb"], /^error: unknown command 'githb'\n\(Did you mean github\?\)\n/],
    [["status", "--format", "yaml"], /^error: option '--format <format>' argument 'yaml' is invalid\./],
    [
      ["rights", "--json", "--format", "commands"],
      /^error: option '--json' cannot be used with '--format commands'\n/,
    ],
  ] as const) {
    it(`says what is wrong with dicom-ops ${argv.join(" ")}, and starts nothing`, async () => {
      const { code, stdout, stderr } = await run([...argv, "--stack", "none"]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, said);
    });
  }

  it("wants a project before it looks for the stack that is selected, and then the Pulumi CLI", async () => {
    const folder = await mkdtemp(join(tmpdir(), "command-line-"));
    try {
      assert.match((await run(["status"], folder)).stderr, /is not the folder of a Pulumi project/);
      await writeFile(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
      assert.match((await run(["status"], folder)).stderr, /^There is no Pulumi CLI\./);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("completes commands, options and their values, for three shells", () => {
    const complete = (...argv: readonly string[]): string =>
      spawnSync(process.execPath, [require.resolve("dicom-ops/bin/cli.js"), ...argv], { encoding: "utf8" })
        .stdout;
    assert.match(complete("complete", "--", "aud"), /^audit\t/);
    assert.match(complete("complete", "--", "status", "--for"), /^--format\t/);
    assert.match(complete("complete", "--", "rights", "--for", ""), /^deploy\t.*\nadopt|^deploy/m);
    for (const shell of ["bash", "zsh", "fish"]) {
      assert.match(complete("completion", shell), /dicom-ops complete --/, shell);
    }
  });
});
