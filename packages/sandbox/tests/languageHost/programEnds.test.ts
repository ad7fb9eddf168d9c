import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { PlainCli, projectRoot } from "lab";

/** A program that never ends; it says in a file who it is. */
const endless = `
require("node:fs").writeFileSync(process.env.PID_FILE, String(process.pid));
setInterval(() => undefined, 1000);
module.exports = new Promise(() => undefined);
`;

/** A policy pack without Pulumi's policy SDK: it refuses every resource whose type has the word in its name. */
const pack = `
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { AnalyzerService } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const rpc = require("@pulumi/pulumi/proto/analyzer_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

const fill = (message, values) => {
  for (const [name, value] of Object.entries(values)) message["set" + name](value);
  return message;
};
const level = rpc.EnforcementLevel.MANDATORY;
const policy = () => fill(new rpc.PolicyInfo(), { Name: "no-stack", Displayname: "No stack", Description: "-", Message: "-", Enforcementlevel: level });
const violation = () => fill(new rpc.AnalyzeDiagnostic(), {
  Policyname: "no-stack", Policypackname: "trial", Policypackversion: "0.0.1", Description: "-",
  Message: "refused in stack " + process.env.PULUMI_NODEJS_STACK, Enforcementlevel: level,
});
const answer = (make) => (call, callback) => callback(null, make(call.request));
const server = new Server();
server.addService(AnalyzerService, {
  analyze: answer(() => new rpc.AnalyzeResponse()),
  analyzeStack: answer(() => fill(new rpc.AnalyzeResponse(), { DiagnosticsList: [violation()] })),
  remediate: answer(() => new rpc.RemediateResponse()),
  getAnalyzerInfo: answer(() => fill(new rpc.AnalyzerInfo(), { Name: "trial", Displayname: "trial", Version: "0.0.1", PoliciesList: [policy()] })),
  getPluginInfo: answer(() => fill(new PluginInfo(), { Version: "0.0.1" })),
  configure: answer(() => new Empty()),
  cancel: answer(() => new Empty()),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(port + "\\n");
});
`;

describe("what the language host starts", function () {
  this.timeout(120_000);
  let cli: PlainCli;
  let folder: string;
  let pidFile: string;

  before(async () => {
    cli = await PlainCli.start();
    folder = cli.file("small");
    pidFile = cli.file("pid");
    await mkdir(folder);
    await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: small\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    await writeFile(join(folder, "package.json"), '{ "name": "small", "main": "index.js" }');
    await writeFile(join(folder, "index.js"), endless);
    await cli.succeed(["stack", "init", "dev"], { cwd: folder });
  });
  after(() => cli.stop());

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`ends with the CLI on ${signal}`, async () => {
      await writeFile(pidFile, "");
      const ended = new AbortController();
      const run = cli.run(["preview"], {
        cwd: folder,
        env: { PID_FILE: pidFile },
        signal: ended.signal,
        killWith: signal,
      });
      const program = await programIn(pidFile);
      assert.ok(isRunning(program));
      ended.abort();
      assert.notEqual((await run).code, 0);
      await gone(program);
    });
  }

  it("is a policy pack that refuses, and knows the stack", async () => {
    const packFolder = cli.file("pack");
    await mkdir(packFolder);
    await symlink(join(projectRoot, "node_modules"), join(packFolder, "node_modules"));
    await writeFile(join(packFolder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    await writeFile(
      join(packFolder, "package.json"),
      '{ "name": "trial", "version": "0.0.1", "main": "index.js" }',
    );
    await writeFile(join(packFolder, "index.js"), pack);
    await writeFile(join(folder, "index.js"), 'console.log("said by the program");');
    const { code, stdout } = await cli.run(["preview", "--policy-pack", packFolder], { cwd: folder });
    assert.match(stdout, /refused in stack dev/);
    assert.match(stdout, /said by the program/);
    assert.notEqual(code, 0);
  });
});

/** Waits until the program has said who it is; mocha's timeout is the limit. */
async function programIn(file: string): Promise<number> {
  for (;;) {
    const text = existsSync(file) ? await readFile(file, "utf8") : "";
    if (text !== "") {
      return Number(text);
    }
    await setTimeout(50);
  }
}

/** Waits until a process has ended; mocha's timeout is the limit. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) {
    await setTimeout(50);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
