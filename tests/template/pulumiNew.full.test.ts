import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import azureNative from "@pulumi/azure-native/package.json";
import azuread from "@pulumi/azuread/package.json";
import { seedResourceIds } from "entra-sandbox";
import { PackageRegistry, PlainCli, projectRoot } from "lab";
import { parse } from "yaml";

const run = promisify(execFile);
const template = join(projectRoot, "template");

/** The largest that a project may be when it is installed, in MiB. */
const largestInstallation = 330;

// What a user has: the packages as they are published, from a registry, the template's files, and nothing else of this repository.
describe("a project made from the template by pulumi new", function () {
  this.timeout(600_000);
  let cli: PlainCli;
  let registry: PackageRegistry;
  let project: string;
  let printed: string;
  const undo: (() => Promise<void>)[] = [];

  before(async () => {
    cli = await PlainCli.start();
    undo.push(() => cli.stop());
    const folder = cli.file("registry");
    mkdirSync(folder);
    registry = await PackageRegistry.start(folder);
    undo.push(() => registry.stop());
    await registry.publish();
    project = join(cli.file("made"), "imaging-clients");
    // pulumi new downloads the plugins that are not installed; here the stand-ins take their place when they are started.
    for (const [name, { version }] of Object.entries({ azuread, "azure-native": azureNative })) {
      const plugin = join(cli.file("home"), "plugins", `resource-${name}-v${version}`);
      mkdirSync(plugin, { recursive: true });
      writeFileSync(join(plugin, `pulumi-resource-${name}`), "", { mode: 0o700 });
    }
    printed = await cli.succeed(
      [
        ...["new", template, "--yes", "--offline", "--dir", project],
        ...["--name", "imaging-clients", "--description", "Clients of the hospital", "--stack", "dev"],
        ...["--config", `dicomService=${seedResourceIds.dicomService}`],
      ],
      { cwd: cli.file(""), env: registry.environment },
    );
  });
  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  /** Runs a command in the project as its user does, on the tenant of the plain CLI. */
  const inProject = async (file: string, ...args: readonly string[]): Promise<string> =>
    (
      await run(file, [...args], {
        cwd: project,
        env: { ...cli.env, ...registry.environment },
        maxBuffer: 64 * 2 ** 20,
      })
    ).stdout;
  const sandbox = (...args: readonly string[]): Promise<string> =>
    inProject("npx", "entra-sandbox", "--provider", "stand-in", ...args);
  const own = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => !/^(node_modules|\.sandbox)(\/|$)|^package-lock\.json$/.test(name))
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort();

  it("is small, and the user's own", () => {
    assert.deepEqual(own(project), own(template));
    assert.ok(own(project).length <= 12);
    const texts = own(project).map((name) => readFileSync(join(project, name), "utf8"));
    assert.ok(texts.join("").split("\n").length <= 200);
    for (const text of texts) {
      assert.doesNotMatch(text, /\$\{(PROJECT|DESCRIPTION)\}|dicom-service-client:/);
    }
    const settings = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    assert.deepEqual(
      [settings["name"], settings["description"], settings["template"]],
      ["imaging-clients", "Clients of the hospital", undefined],
    );
  });

  it("has the answers in the stack's file, under its own name, beside the clients", () => {
    const { config } = parse(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8")) as {
      readonly config: Readonly<Record<string, unknown>>;
    };
    assert.deepEqual(Object.keys(config).sort(), ["imaging-clients:clients", "imaging-clients:dicomService"]);
    assert.equal(config["imaging-clients:dicomService"], seedResourceIds.dicomService);
  });

  it("tells what to do next", () => {
    assert.match(printed, /Created project 'imaging-clients'/);
    assert.match(printed, /npm start .*\n.*pulumi preview .*\n.*npx dicom-ops/);
  });

  it(`is installed by npm ci, in at most ${largestInstallation} MiB`, async () => {
    await inProject("npm", "ci");
    const size = Number((await inProject("du", "-sm", "node_modules")).split("\t")[0]);
    assert.ok(size <= largestInstallation, `${size} MiB`);
  });

  it("works in its own sandbox: deployed, audited, held against the policies", async () => {
    const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
      readonly scripts: { readonly start: string };
    };
    assert.equal(scripts.start, "entra-sandbox up");
    assert.match(await sandbox("up"), /^Deployed to the sandbox tenant .*: 7 created\.$/m);
    assert.match(await sandbox("up"), /Nothing changed/);
    const judged = await sandbox(
      ...["preview", "--expect-no-changes", "--policy-pack", "node_modules/dicom-service-client-policies"],
    );
    assert.match(judged, /dicom-service-client-policies@v0\.1\.0/);
    assert.match(await sandbox("ops", "audit"), /^Clean: /m);
    assert.match(await sandbox("ops", "verify"), /Every client works\./);
  });

  it("is deployed by the plain CLI, and the operations find it", async () => {
    const up = await cli.succeed(["up", "--yes", "--skip-preview", "--stack", "dev"], { cwd: project });
    assert.match(up, /\+ 7 created/);
    const stdout = await inProject("npx", "dicom-ops", "status", "--stack", "dev", "--format", "json");
    const status = JSON.parse(stdout) as { readonly clients: readonly { readonly name: string }[] };
    assert.deepEqual(
      status.clients.map(({ name }) => name),
      ["imaging-gateway"],
    );
  });

  it("is updated by npm update, after which nothing is to change", async () => {
    await registry.publish("0.1.1");
    await inProject("npm", "update", "--prefer-online");
    for (const name of [
      "dicom-service-client",
      "dicom-ops",
      "entra-sandbox",
      "dicom-service-client-policies",
    ]) {
      const file = join(project, "node_modules", name, "package.json");
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
      assert.equal(version, "0.1.1", name);
    }
    await cli.succeed(["preview", "--expect-no-changes", "--stack", "dev"], { cwd: project });
    assert.match(await sandbox("up"), /Nothing changed/);
  });
});
