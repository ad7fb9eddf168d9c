import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operationRun, type OperationRun, projectRoot } from "lab";

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

  it("has a script for bash that can be loaded beside the sandbox's, and again", () => {
    const [ops, sandbox] = ["dicom-ops", "entra-sandbox"].map(
      (name) =>
        spawnSync(process.execPath, [require.resolve(`${name}/bin/cli.js`), "completion", "bash"], {
          cwd: projectRoot,
          encoding: "utf8",
        }).stdout,
    );
    const end = "complete -p dicom-ops entra-sandbox";
    const { stdout, stderr } = spawnSync("bash", ["--norc"], {
      input: [ops, sandbox, ops, end, ""].join("\n"),
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.match(stdout, /dicom-ops\n.*entra-sandbox\n$/);
  });

  it("says on request whether its arguments are right, and runs nothing", async () => {
    const check = (...argv: string[]): Promise<OperationRun> => run(["--usage-only", ...argv]);
    for (const argv of [
      ["status"],
      ["audit", "--json"],
      ["adopt", "Old gateway"],
      ["pipeline", "deploy"],
      ["init"],
      ["pipelines", "github"],
    ]) {
      assert.deepEqual(await check(...argv), { code: 0, stdout: "", stderr: "" }, argv.join(" "));
    }
    assert.match((await check("audt")).stderr, /Did you mean audit\?/);
    assert.match((await check("pipelines", "github", "--stack", "dev")).stderr, /does nothing with --stack/);
    assert.match((await check("audit", "--reason", "x")).stderr, /^--reason is for suppressions only/);
    assert.match((await check("status", "--help")).stdout, /^Usage: dicom-ops status/);
    assert.doesNotMatch((await run(["--help"])).stdout, /usage-only/);
  });
});
