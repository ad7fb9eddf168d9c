import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { PlainCli, projectRoot } from "lab";
import { seedResourceIds } from "entra-sandbox";

/** What is in the folder of a developer, but not in the repository. */
const notInTheRepository = new Set([".git", "node_modules", ".sandbox", "coverage", "bin"]);

interface ProjectFile {
  readonly name: string;
  readonly description: string;
  readonly template?: unknown;
  readonly config: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

// What a template must not do is leave something of its own behind, and what a new project must do is work under its own name.
// It is made by the real CLI. That it also type-checks follows from its sources being ours, byte for byte.
describe("a project made from this repository by pulumi new", function () {
  this.timeout(240_000);
  let cli: PlainCli;
  let template: string;
  let project: string;
  let printed: string;
  let stop = (): Promise<void> => Promise.resolve();

  const read = <Content>(folder: string, file: string): Content =>
    parse(readFileSync(join(folder, file), "utf8")) as Content;

  before(async function () {
    // A project that pulumi new has made is no template itself.
    if (!("template" in read<object>(projectRoot, "Pulumi.yaml"))) this.skip();
    cli = await PlainCli.start();
    stop = () => cli.stop();
    template = cli.file("template");
    cpSync(projectRoot, template, {
      recursive: true,
      filter: (path) => path === projectRoot || !notInTheRepository.has(basename(path)),
    });
    project = join(cli.file("made"), "imaging-clients");
    // Above the new project, so that its packages count as installed and nothing is downloaded.
    symlinkSync(join(projectRoot, "node_modules"), cli.file("node_modules"), "dir");
    printed = await cli.succeed(
      [
        ...["new", template, "--yes", "--offline", "--dir", project],
        ...["--name", "imaging-clients", "--description", "Clients of the hospital", "--stack", "dev"],
        ...["--config", `dicomService=${seedResourceIds.dicomService}`, "--config", "asOf=2026-11-24"],
      ],
      { cwd: cli.file("") },
    );
  });
  after(() => stop());

  it("has the name and the description that were asked for, and is no template any more", () => {
    const [ours, made] = [template, project].map((folder) => read<ProjectFile>(folder, "Pulumi.yaml"));
    assert.ok(ours && made);
    const { template: prompts, ...rest } = ours;
    assert.ok(prompts);
    assert.deepEqual(made, {
      ...rest,
      name: "imaging-clients",
      description: "Clients of the hospital",
      // The CLI notes where a project comes from.
      config: { ...rest.config, "pulumi:tags": { value: { "pulumi:template": template } } },
    });
  });

  it("has the answers in the stack's file, under its own name, beside the clients", () => {
    const { config } = read<StackFile>(project, "Pulumi.dev.yaml");
    const ours = read<StackFile>(template, "Pulumi.dev.yaml");
    assert.deepEqual(config, {
      "imaging-clients:clients": ours.config["clients"],
      "imaging-clients:dicomService": seedResourceIds.dicomService,
      "imaging-clients:asOf": "2026-11-24",
    });
  });

  it("has nothing of this repository's configuration, and all else as it is here", () => {
    const files = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => statSync(join(folder, name)).isFile())
        .sort();
    assert.deepEqual(files(project), files(template));
    const changed = files(project).filter(
      (name) => !readFileSync(join(project, name)).equals(readFileSync(join(template, name))),
    );
    assert.deepEqual(changed, ["Pulumi.dev.yaml", "Pulumi.yaml"]);
    for (const name of files(project).filter((file) => /^Pulumi\..*yaml$/.test(file))) {
      assert.doesNotMatch(readFileSync(join(project, name), "utf8"), /dicom-service-client:|\$\{/, name);
    }
  });

  it("tells what to do next", () => {
    assert.match(printed, /Created project 'imaging-clients'/);
    assert.match(printed, /npm start .*\n.*pulumi preview .*\n.*docs\/start\/template\.md/);
  });

  it("is deployed by the plain CLI, and the operations find it", async () => {
    const up = await cli.succeed(["up", "--yes", "--skip-preview", "--stack", "dev"], { cwd: project });
    assert.match(up, /\+ 7 created/);
    const { stdout } = await run(
      "packages/operations/cli.ts",
      "status",
      "--stack",
      "dev",
      "--format",
      "json",
    );
    const status = JSON.parse(stdout) as { readonly clients: readonly { readonly name: string }[] };
    assert.deepEqual(
      status.clients.map(({ name }) => name),
      ["imaging-gateway"],
    );
  });

  it("runs in its own sandbox", async () => {
    const { stdout } = await run(
      "packages/sandbox/cli.ts",
      ...["--provider", "stand-in", "--folder", cli.file("sandbox"), "preview"],
    );
    assert.match(stdout, /imaging-clients-sandbox/);
    assert.match(stdout, /\+ 7 to create/);
  });

  it("still does its main job when everything is deleted that the guide says may be", async () => {
    const needed = new Set(["index.ts", "stack", "components", "package.json", "tsconfig.json"]);
    for (const name of readdirSync(project)) {
      if (!needed.has(name) && !/^Pulumi\..*yaml$/.test(name)) {
        rmSync(join(project, name), { recursive: true });
      }
    }
    await cli.succeed(["preview", "--expect-no-changes", "--stack", "dev"], { cwd: project });
  });

  function run(...args: readonly string[]): Promise<{ readonly stdout: string }> {
    return promisify(execFile)(process.execPath, ["-r", "ts-node/register", ...args], {
      cwd: project,
      env: cli.env,
    });
  }
});
