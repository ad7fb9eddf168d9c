import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ensurePulumiCli } from "entra-sandbox";
import { projectRoot } from "lab";

/** What a command left behind. */
interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** What stands for something of the user's own in an example. */
const placeholder = /<[^>]+>|00000000-0000-0000-0000-000000000000|^dicom-ops init$/;

// As somebody does who copies one line of a help text after the other, in a copy of this repository that was used before.
describe("the steps of the help texts", function () {
  this.timeout(600_000);
  let base: string;
  let project: string;
  let env: NodeJS.ProcessEnv;
  let server: ChildProcess | undefined;

  before(async () => {
    base = mkdtempSync(join(tmpdir(), "help-steps-"));
    project = join(base, "project");
    const home = join(base, "home");
    for (const folder of [project, home]) mkdirSync(folder);
    for (const file of ["Pulumi.yaml", "Pulumi.sandbox.yaml", "index.ts", "package.json", "tsconfig.json"]) {
      cpSync(join(projectRoot, file), join(project, file));
    }
    for (const folder of ["node_modules", "components", "policy"]) {
      symlinkSync(join(projectRoot, folder), join(project, folder), "dir");
    }
    // Neither the Node.js that the project pins nor its commands are on the user's own PATH.
    const path = (process.env["PATH"] ?? "").split(delimiter).filter((one) => !one.includes("node_modules"));
    env = {
      HOME: home,
      PATH: [dirname((await ensurePulumiCli()).path), ...path].join(delimiter),
      GITHUB_STEP_SUMMARY: join(base, "summary.md"),
    };
    await succeed("npx entra-sandbox up");
  });
  after(async () => {
    if (server?.exitCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    // It holds the secret that serve hands out, which is what it is for.
    rmSync(join(project, "sandbox.env"), { force: true });
    rmSync(base, { recursive: true, force: true });
  });

  /** Runs lines in one shell, which ends at the first that fails. */
  async function run(...lines: readonly string[]): Promise<Run> {
    const child = spawn("bash", ["--norc", "-e", "-o", "pipefail", "-c", lines.join("\n")], {
      cwd: project,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (output += data.toString("utf8")));
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }

  async function succeed(...lines: readonly string[]): Promise<string> {
    const { code, output } = await run(...lines);
    assert.equal(code, 0, `${lines.join("\n")}\n${output}`);
    return output;
  }

  /** The indented lines behind a line of a help text, without what says what they do. */
  function stepsOf(help: string, heading: RegExp): string[] {
    const lines = help.split("\n");
    const start = lines.findIndex((line) => heading.test(line)) + 1;
    assert.ok(start > 0, help);
    const length = lines.slice(start).findIndex((line) => !line.startsWith("  "));
    const steps = lines.slice(start, length < 0 ? undefined : start + length);
    assert.ok(steps.length > 0, help);
    return steps.map((line) => line.trim().replace(/ {3,}\S.*$/, ""));
  }

  it("of the sandbox work in their order, and find what they are said to find", async () => {
    const steps = stepsOf(await succeed("npx entra-sandbox --help"), /^Examples:$/);
    assert.ok(steps.length >= 8);
    for (const step of steps) {
      const { code, output } = await run(step);
      assert.equal(code, step.endsWith(" drift") ? 7 : 0, `${step}\n${output}`);
    }
    await succeed("npx entra-sandbox up");
  });

  it("of serve work in their order beside what up has deployed", async () => {
    const help = await succeed("npx entra-sandbox serve --help");
    const [serve = ""] = stepsOf(help, /In one terminal:$/);
    server = spawn("bash", ["--norc", "-c", `exec ${serve}`], {
      cwd: project,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    for await (const chunk of server.stderr ?? assert.fail()) {
      said += String(chunk);
      if (said.includes("Serving the sandbox tenant")) break;
    }
    assert.match(said, /Serving the sandbox tenant/);
    const output = await succeed(...stepsOf(help, /^In another, /));
    assert.match(output, /\+ \d+ created/);
  });

  for (const command of [
    ...["status", "verify", "preflight", "rights", "audit", "map", "handover", "retire", "adopt", "init"],
  ]) {
    it(`of dicom-ops ${command} work in their order on the stack that was made there`, async () => {
      const environment = [
        ". ./sandbox.env",
        "export PULUMI_BACKEND_URL=file://$HOME PULUMI_CONFIG_PASSPHRASE=choose-one",
      ];
      if (command === "adopt")
        await succeed('npx entra-sandbox portal register "Old gateway" --consent --secret');
      const help = await succeed(`npx dicom-ops ${command} --help`);
      const steps = stepsOf(help, /^Examples?:$/).filter((step) => !placeholder.test(step));
      for (const step of steps) {
        const { code, output } = await run(
          ...environment,
          `npx ${step.replace(/--stack (prod|dev)\b/, "--stack trial")}`,
        );
        assert.ok(code === 0 || code === 7, `${step} ended with ${String(code)}\n${output}`);
      }
    });
  }
});
