import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { findProject, type Project } from "../../runner/project";
import { SandboxError } from "../../runner/sandboxError";
import { addressPlaceholder, prepareWorkspace } from "../../runner/workspace";

describe("the sandbox's copy of a project", () => {
  let root: string;
  let workspace: string;
  let project: Project;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "project-"));
    workspace = join(root, "copy");
    await mkdir(join(root, "below"));
    await mkdir(workspace);
    await writeFile(join(root, "Pulumi.yaml"), "name: clinic\nruntime: nodejs\nmain: program.ts\n");
    project = findProject(join(root, "below"));
  });
  after(() => rm(root, { recursive: true, force: true }));

  const copied = async (name: string): Promise<Readonly<Record<string, unknown>>> =>
    parse(await readFile(join(workspace, name), "utf8")) as Readonly<Record<string, unknown>>;

  it("is of the project in the folder or above it, and runs its program where it is", async () => {
    assert.deepEqual([project.root, project.name], [root, "clinic"]);
    await writeFile(join(root, "Pulumi.sandbox.yaml"), "config: {}\n");
    await prepareWorkspace(workspace, project, undefined, "https://sandbox");
    assert.deepEqual(await copied("Pulumi.yaml"), {
      name: "clinic",
      runtime: "nodejs",
      main: join(root, "program.ts"),
    });
  });

  it("has the tenant's address where the stack file leaves a place for it, and the project's name before its keys", async () => {
    const file = join(root, "stack.yaml");
    await writeFile(
      file,
      `config:\n  url: ${addressPlaceholder}\n  clinic:api:\n    login: ${addressPlaceholder}/x\n  azuread:environment: public\n`,
    );
    await prepareWorkspace(workspace, project, file, "https://sandbox");
    const { config } = await copied("Pulumi.sandbox.yaml");
    assert.deepEqual(config, {
      "clinic:url": "https://sandbox",
      "clinic:api": { login: "https://sandbox/x" },
      "azuread:environment": "public",
    });
  });

  it("is not made of a stack file whose environments only Pulumi Cloud has", async () => {
    const file = join(root, "environments.yaml");
    const prepare = async (environment: string): Promise<void> => {
      await writeFile(file, `${environment}\nconfig:\n  url: x\n`);
      await prepareWorkspace(workspace, project, file, "https://sandbox");
    };
    for (const named of ["environment: [imaging]", "environment:\n  values:\n    pulumiConfig: {url: y}"]) {
      await assert.rejects(prepare(named), (error: unknown) => {
        assert.ok(error instanceof SandboxError);
        assert.match(
          error.message,
          /environments\.yaml names ESC environments .* only Pulumi Cloud .*--config\.$/,
        );
        return true;
      });
    }
    await prepare("environment: []");
    await prepare("environment:");
  });

  it("is of the stack file where the project keeps it, beside the copy of the project's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "project-"));
    try {
      await mkdir(join(folder, "conf"));
      await writeFile(join(folder, "conf", "Pulumi.sandbox.yaml"), "config:\n  clinic:url: here\n");
      for (const key of ["stackConfigDir", "config"]) {
        await writeFile(join(folder, "Pulumi.yaml"), `name: clinic\nruntime: nodejs\n${key}: conf\n`);
        await prepareWorkspace(workspace, findProject(folder), undefined, "https://sandbox");
        assert.deepEqual(await copied("Pulumi.sandbox.yaml"), { config: { "clinic:url": "here" } });
        assert.ok(!(key in (await copied("Pulumi.yaml"))));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("has the salt of another passphrase only when something is encrypted with it", async () => {
    const file = join(root, "salted.yaml");
    for (const [config, isKept] of [
      ["url: https://clinic", false],
      ["password: { secure: v1:abc:def }", true],
      ["nested: [{ password: { secure: v1:abc:def } }]", true],
    ] as const) {
      await rm(join(workspace, "Pulumi.sandbox.yaml"), { force: true });
      await writeFile(file, `encryptionsalt: v1:salt\nconfig:\n  ${config}\n`);
      await prepareWorkspace(workspace, project, file, "https://sandbox");
      assert.equal("encryptionsalt" in (await copied("Pulumi.sandbox.yaml")), isKept, config);
    }
  });

  it("is refused when it writes a key in two spellings", async () => {
    const file = join(root, "twice.yaml");
    for (const other of ["clients", "clinic:config:clients"]) {
      await writeFile(file, `config:\n  clinic:clients: {}\n  ${other}: {}\n`);
      await assert.rejects(
        prepareWorkspace(workspace, project, file, "https://sandbox"),
        /has the key clinic:clients twice, once as /,
      );
    }
  });

  it("is refused when it has keys beside config, but for anchors", async () => {
    const file = join(root, "beside.yaml");
    const prepared = async (text: string): Promise<void> => {
      await writeFile(file, text);
      await prepareWorkspace(workspace, project, file, "https://sandbox");
    };
    await assert.rejects(
      prepared("config:\n  clients: {}\nasOf: 2026-11-24\nclinic:api: {}\n"),
      /beside\.yaml has asOf and clinic:api beside config, .* under config/,
    );
    const fine =
      "encryptionsalt: v1:x\nall: {a: &a {b: c}}\nbase: &base {}\n<<: *base\nconfig:\n  clients: *a\n";
    await assert.doesNotReject(prepared(fine));
  });

  it("means to the Pulumi CLI what the file means: numbers as they are spelled, and merge keys", async () => {
    const file = join(root, "merged.yaml");
    await writeFile(
      file,
      [
        "all: &all",
        "  clients:",
        "    a: &client {description: 1_000, mode: 0755, enabled: yes, none: , zero: ~}",
        "    b: {<<: *client, mode: 1.50}",
        "  asOf: 2026-01-01",
        "config:",
        "  <<: *all",
        "  asOf: 2026-11-24",
        "",
      ].join("\r\n"),
    );
    await prepareWorkspace(workspace, project, file, "https://sandbox");
    const text = await readFile(join(workspace, "Pulumi.sandbox.yaml"), "utf8");
    const [, config = ""] = text.split(/^config:\n/m);
    assert.match(config, /^ {2}clinic:asOf: 2026-11-24$/m);
    assert.doesNotMatch(config, /2026-01-01/);
    assert.match(config, /^ {2}clinic:clients:$/m);
    assert.match(config, /description: 1_000, mode: 0755, enabled: yes, none:\s*, zero: ~/);
    assert.match(config, /<<: \*client, mode: 1\.50/);
  });

  it("is refused when aliases would take up all memory, or stand for nothing", async () => {
    const file = join(root, "aliases.yaml");
    const ten = (name: string): string => `[${Array(10).fill(name).join(", ")}]`;
    const bomb = `a: &a ${ten("x")}\nb: &b ${ten("*a")}\nc: &c ${ten("*b")}\nconfig: ${ten("*c")}\n`;
    for (const [text, reason] of [
      [bomb, /Excessive alias count/],
      ["config: *nowhere\n", /nowhere/],
    ] as const) {
      await writeFile(file, text);
      await assert.rejects(prepareWorkspace(workspace, project, file, "https://sandbox"), (error) => {
        assert.ok(error instanceof SandboxError);
        assert.ok(error.message.includes(file));
        assert.match(error.message, reason);
        return true;
      });
    }
  });

  it("needs a project, which has a name and whose own commands are lists of words", async () => {
    const folder = await mkdtemp(join(tmpdir(), "no-project-"));
    try {
      assert.throws(() => findProject(folder), /There is no Pulumi\.yaml in .* or in a folder above it/);
      await writeFile(join(folder, "Pulumi.yaml"), "runtime: nodejs\n");
      assert.throws(() => findProject(folder), /does not name the project/);
      await writeFile(join(folder, "Pulumi.yaml"), "name: clinic\n");
      await writeFile(
        join(folder, "package.json"),
        '{ "entra-sandbox": { "commands": { "ops": "dicom-ops" } } }',
      );
      assert.throws(() => findProject(folder), /must name lists of words/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
