import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { projectRoot } from "lab";
import { seedResourceIds } from "../../tenant/seed";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";

/** The plugins that this runs with; `SANDBOX_PROVIDER=real` takes the real ones where they are there. */
const provider = process.env["SANDBOX_PROVIDER"] === "real" ? "auto" : "stand-in";

/** A project of a few resources, without a component, and with nothing of this repository but the packages that it has installed. */
const otherProgram = join(__dirname, "..", "otherProgram");

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the sandbox with a program that has nothing to do with the stack of this repository", function () {
  this.timeout(240_000);
  let base: string;
  let project: string;
  let path: string;

  before(async () => {
    path = [dirname((await ensurePulumiCli()).path), process.env["PATH"]].join(delimiter);
    base = await mkdtemp(join(tmpdir(), "other-program-"));
    project = join(base, "project");
    await cp(otherProgram, project, { recursive: true });
    await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "dir");
    await mkdir(join(base, "elsewhere"));
  });
  after(() => rm(base, { recursive: true, force: true }));

  /** Runs the sandbox in a folder, as its user does, who has a stack and an identity of their own. */
  const sandbox = (cwd: string, args: readonly string[]): Promise<Run> =>
    new Promise((resolve) => {
      const own = { PULUMI_STACK: "production", ARM_USE_OIDC: "true", AZURE_CLIENT_ID: "somebody" };
      const env = { ...process.env, ...own, HOME: join(base, "home"), PATH: path };
      const command = join(project, "node_modules", "entra-sandbox", "entra-sandbox.js");
      execFile(process.execPath, [command, ...args], { cwd, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const run = (...args: readonly string[]): Promise<Run> =>
    sandbox(project, ["--provider", provider, ...args]);
  const succeed = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, `${args.join(" ")}:\n${stdout}\n${stderr}`);
    return stdout;
  };

  it("deploys it, and finds nothing to do afterwards", async () => {
    const up = await succeed("up");
    assert.match(up, /: 5 created\./);
    assert.match(up, /npx entra-sandbox output clientSecret --show-secrets/);
    for (const [command, said] of [
      ["up", /Nothing changed/],
      ["drift", /^No drift\.$/m],
    ] as const) {
      const { code, stdout, stderr } = await run(command);
      assert.equal(code, 0, stderr);
      assert.match(stdout, said);
      assert.ok(`${stdout}${stderr}`.split("\n").length < 10, `${stdout}${stderr}`);
      assert.match((await run(command, "--verbose")).stdout, /Resources:\n/);
    }
  });

  it("gives its outputs, and the CLI works on its stack", async () => {
    const outputs = JSON.parse(await succeed("exec", "pulumi", "stack", "output", "--json")) as Readonly<
      Record<string, string>
    >;
    assert.deepEqual(Object.keys(outputs).sort(), [
      "clientId",
      "clientSecret",
      "roleAssignmentId",
      "tokenUrl",
    ]);
    assert.equal(outputs["clientSecret"], "[secret]");
    assert.match(outputs["tokenUrl"] ?? "", /^https:\/\/[^/]+\/[0-9a-f-]{36}\/oauth2\/v2\.0\/token$/);
    assert.ok(outputs["roleAssignmentId"]?.toLowerCase().startsWith(seedResourceIds.workspace.toLowerCase()));
    assert.equal(
      (await succeed("exec", "pulumi", "stack", "output", "clientId")).trim(),
      outputs["clientId"],
    );
    assert.equal((await succeed("output", "clientId")).trim(), outputs["clientId"]);
    const names = await succeed("exec", "node", "--print", "Object.keys(process.env).join('\\n')");
    assert.doesNotMatch(names, /PULUMI_STACK|ARM_USE_OIDC|AZURE_CLIENT_ID/);
    assert.match(names, /^ENTRA_SANDBOX_URL$/m);
  });

  it("finds what was changed by hand under the resource's name, and puts it back", async () => {
    assert.match(await succeed("portal", "rename", "exporter", "By hand"), /Renamed "Nightly export"/);
    await succeed("portal", "add-secret", "exporter");
    const { code, stdout, stderr } = await run("drift");
    assert.equal(code, 7, stdout + stderr);
    assert.match(stdout, /^ {2}changed exporter \(displayName\)\nDrift found\. `npx entra-sandbox up`/m);
    await succeed("up");
    assert.match(await succeed("output", "clientId"), /^[0-9a-f-]{36}\n$/);
  });

  it("says which applications the stack has when it knows none of that name", async () => {
    const { code, stderr } = await run("portal", "rename", "importer", "By hand");
    assert.equal(code, 1);
    assert.match(stderr, /There is no application "importer".*\nThe stack has: exporter$/m);
    assert.match((await run("portal", "rename", "exproter", "X")).stderr, /^Did you mean exporter\?$/m);
  });

  it("destroys it, and has written nothing into the project but its own folder", async () => {
    assert.match(await succeed("destroy"), /: 5 deleted\./);
    const own = await readdir(otherProgram);
    assert.deepEqual((await readdir(project)).sort(), [...own, ".sandbox", "node_modules"].sort());
    for (const name of own) {
      assert.equal(
        await readFile(join(project, name), "utf8"),
        await readFile(join(otherProgram, name), "utf8"),
      );
    }
  });

  it("names what a word may have been meant for, and starts nothing", async () => {
    for (const [args, said] of [
      [["ub"], /^error: unknown command 'ub'\n\(Did you mean up\?\)\n/],
      [["up", "--verbos"], /^error: unknown option '--verbos'\n\(Did you mean --verbose\?\)\n/],
      [["portal", "ad-secret"], /^error: unknown command 'ad-secret'\n\(Did you mean add-secret\?\)\n/],
    ] as const) {
      const { code, stdout, stderr } = await sandbox(project, args);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, said);
    }
    const { stdout } = await sandbox(project, ["complete", "--", "portal", "add-s"]);
    assert.match(stdout, /^add-secret\t/);
  });

  it("says in a folder that is no Pulumi project where to start it", async () => {
    const elsewhere = join(base, "elsewhere");
    assert.match((await sandbox(elsewhere, ["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match((await sandbox(elsewhere, ["portal", "--help"])).stdout, /add-secret/);
    assert.match((await sandbox(elsewhere, ["exec", "--help"])).stdout, /^Usage: entra-sandbox exec /);
    for (const args of [["up"], ["drift"]]) {
      const { code, stdout, stderr } = await sandbox(elsewhere, args);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(
        stderr,
        /^There is no Pulumi\.yaml in \S+elsewhere or in a folder above it\. Start the sandbox in the folder of a Pulumi project\.\n$/,
      );
    }
    assert.deepEqual(await readdir(elsewhere), []);
  });
});
