import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { credentials, status } from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/language_pb";
import { startLanguageHost, type LanguageHost } from "../../languageHost/languageHost";

describe("the language host's service", function () {
  this.timeout(60_000);
  let folder: string;
  let host: LanguageHost;
  let client: LanguageRuntimeClient;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "language-host-"));
    host = await startLanguageHost({
      engine: "127.0.0.1:1",
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    });
    client = new LanguageRuntimeClient(`127.0.0.1:${host.port}`, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function program(options: Record<string, JavaScriptValue>): rpc.ProgramInfo {
    const info = new rpc.ProgramInfo();
    info.setRootDirectory(folder);
    info.setProgramDirectory(folder);
    info.setEntryPoint(".");
    info.setOptions(Struct.fromJavaScript(options));
    return info;
  }

  /** Puts a script of the test in the place of one by which the SDK starts programs. */
  async function writeStartScript(name: string, code: string): Promise<void> {
    const place = join(folder, "node_modules", "@pulumi", "pulumi", "cmd", name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "index.js"), code);
  }

  async function run(code: string, options: Record<string, JavaScriptValue>): Promise<rpc.RunResponse> {
    await writeStartScript("run", code);
    const request = new rpc.RunRequest();
    request.setInfo(program({ typescript: false, ...options }));
    request.setMonitorAddress("127.0.0.1:1");
    request.setProject("trial");
    request.setStack("dev");
    request.getConfigMap().set("trial:size", "3");
    request.addConfigsecretkeys("trial:size");
    return new Promise((resolve, reject) =>
      client.run(request, (error, response) => (error === null ? resolve(response) : reject(error))),
    );
  }

  async function runPlugin(code: string): Promise<string> {
    await writeStartScript("run-plugin", code);
    const request = new rpc.RunPluginRequest();
    request.setInfo(program({}));
    request.setPwd(folder);
    request.setKind("resource");
    request.setEnvList([`PATH=${process.env["PATH"] ?? ""}`, "WORD=twice", "WORD=counts"]);
    const call = client.runPlugin(request);
    let printed = "";
    call.on("data", (response: rpc.RunPluginResponse) => {
      printed += Buffer.from(response.getStdout_asU8()).toString("utf8");
    });
    return new Promise((resolve, reject) => call.on("end", () => resolve(printed)).on("error", reject));
  }

  it("gives a program its configuration, and Node.js its arguments", async () => {
    const file = join(folder, "seen.json");
    const response = await run(
      `const { env, argv, execArgv } = process;
      const seen = [env.PULUMI_CONFIG, env.PULUMI_CONFIG_SECRET_KEYS, env.PULUMI_NODEJS_TYPESCRIPT ?? "", execArgv, argv.slice(2)];
      require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify(seen));
      process.exit(32);`,
      { nodeargs: "--title 'two words'" },
    );
    assert.deepEqual(JSON.parse(await readFile(file, "utf8")), [
      '{"trial:config:size":"3"}',
      '["trial:size"]',
      "",
      ["--title", "two words"],
      [
        ["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:1", "--project", "trial"],
        ["--root-directory", folder, "--stack", "dev", "--pwd", folder, "--parallel", "0", "."],
      ].flat(),
    ]);
    assert.equal(response.getBail(), true);
    assert.equal(response.getError(), "");
  });

  it("says with which exit code a program has failed", async () => {
    const response = await run("process.exit(3);", {});
    assert.equal(response.getError(), "Program exited with non-zero exit code: 3");
    assert.equal(response.getBail(), false);
  });

  it("says so when the SDK is not installed", async () => {
    const request = new rpc.RunRequest();
    request.setInfo(program({}).setProgramDirectory(tmpdir()));
    const response = await new Promise<rpc.RunResponse>((resolve, reject) =>
      client.run(request, (error, answer) => (error === null ? resolve(answer) : reject(error))),
    );
    assert.equal(
      response.getError(),
      "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
    );
  });

  it("says what is wrong with an option", async () => {
    assert.equal((await run("", { nodeargs: 5 })).getError(), "nodeargs option must be a string");
    assert.match(
      (await run("", { packagemanager: "yarn" })).getError(),
      /does not cover packagemanager "yarn"/,
    );
  });

  it("passes on what a plugin prints, and ends when it does", async () => {
    assert.equal(
      await runPlugin("process.stdout.write(`7\\n${process.env.WORD}`); process.exit(0);"),
      "7\ncounts",
    );
  });

  it("answers for a plugin that fails", async () => {
    await assert.rejects(runPlugin("process.exit(4);"), {
      details: "Program exited with non-zero exit code: 4",
    });
  });

  it("refuses by name what it does not implement", async () => {
    await assert.rejects(
      new Promise((resolve, reject) =>
        client.generatePackage(new rpc.GeneratePackageRequest(), (error, response) =>
          error === null ? resolve(response) : reject(error),
        ),
      ),
      {
        code: status.UNIMPLEMENTED,
        details: "the stand-in for the Node.js language host does not implement GeneratePackage",
      },
    );
  });
});
