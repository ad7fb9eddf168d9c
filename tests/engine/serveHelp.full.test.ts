import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "lab";

describe("the steps that the help of serve has", function () {
  this.timeout(400_000);
  let project: string;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    project = await mkdtemp(join(tmpdir(), "serve-help-"));
    for (const file of ["package.json", "Pulumi.yaml", "Pulumi.sandbox.yaml", "index.ts", "tsconfig.json"]) {
      await cp(join(projectRoot, file), join(project, file));
    }
    await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "dir");
    await mkdir(join(project, "home"));
    env = { ...process.env, HOME: join(project, "home") };
  });
  after(() => rm(project, { recursive: true, force: true }));

  const sh = async (script: string): Promise<string> =>
    (await promisify(execFile)("sh", ["-euc", script], { cwd: project, env, maxBuffer: 2 ** 24 })).stdout;

  it("work in their order on a sandbox that has been used", async () => {
    await sh("npm start");
    const help = await sh("npm run -s sandbox -- serve --help");
    const [, serve] = /In one terminal:\n +(.+) > sandbox\.env\n/.exec(help) ?? [];
    const [, steps] = /once the first says that it is serving:\n([^]*?)\nThe stack gets/.exec(help) ?? [];
    assert.ok(serve && steps, help);
    const server = spawn("sh", ["-c", `exec ${serve} > sandbox.env`], {
      cwd: project,
      env,
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      for await (const said of server.stderr) if (String(said).includes("Serving the sandbox tenant")) break;
      assert.match(await readFile(join(project, "sandbox.env"), "utf8"), /^export /);
      const said = await sh(steps);
      assert.match(said, /\+ \d+ created/);
      assert.match(await sh(`${steps.split("\n").slice(0, 2).join("\n")}\nnode --version`), /^v2[2-9]/);
    } finally {
      process.kill(-(server.pid ?? assert.fail()), "SIGINT");
      await once(server, "close");
    }
  });
});
