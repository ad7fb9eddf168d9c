import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProjectName } from "../project/projectName";
import { stackCloud } from "../project/stackCloud";
import { stackFilePath } from "../project/stackFilePath";

describe("the name of a Pulumi project", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "project-name-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const files: readonly [string, string, string | undefined][] = [
    ["is that of Pulumi.yaml", "name: imaging-clients\nruntime: nodejs\n", "imaging-clients"],
    ...["2026", "0755", "1_000", "12e3", "2026-11-24", "yes", "true"].map(
      (name): [string, string, string] => [`is the text ${name} as it is written`, `name: ${name}\n`, name],
    ),
    ["is missing where nothing stands for it", "name: ~\n", undefined],
    ["is missing from a file without one", "runtime: nodejs\n", undefined],
    ["is missing from a file that is no YAML", "name: [\n", undefined],
  ];
  for (const [behaviour, text, name] of files) {
    it(behaviour, async () => {
      await writeFile(join(folder, "Pulumi.yaml"), text);
      assert.equal(readProjectName(folder), name);
    });
  }

  it("is missing from a folder without the file", () => {
    assert.equal(readProjectName(folder), undefined);
  });
});

describe("a stack's file", () => {
  let folder: string;
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-file-"));
    await mkdir(join(folder, "conf"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const [project, path] of [
    ["name: imaging\n", "Pulumi.dev.yaml"],
    ["name: imaging\nstackConfigDir: conf\n", "conf/Pulumi.dev.yaml"],
    ["name: imaging\nconfig: conf\n", "conf/Pulumi.dev.yaml"],
    ["name: imaging\nconfig:\n  asOf: today\n", "Pulumi.dev.yaml"],
  ] as const) {
    it(`lies at ${path} for ${JSON.stringify(project)}`, async () => {
      await write("Pulumi.yaml", project);
      assert.equal(stackFilePath(folder, "contoso/imaging/dev"), join(folder, path));
    });
  }

  const cloud = (): Promise<string> => stackCloud(folder, "dev", { ARM_ENVIRONMENT: "china" });
  for (const [what, text] of [
    ["plainly", "config:\n  azuread:environment: usgovernment\n"],
    ["in the older form of keys", "config:\n  azuread:config:environment: usgovernment\n"],
    ["by a merge key", "all: &all {azuread:environment: usgovernment}\nconfig:\n  <<: *all\n"],
    ["with Windows' line ends", "\ufeffconfig:\r\n  azuread:environment: usgovernment\r\n"],
  ] as const) {
    it(`names the cloud ${what}`, async () => {
      await write("Pulumi.yaml", "name: imaging\nstackConfigDir: conf\n");
      await write("conf/Pulumi.dev.yaml", text);
      assert.equal(await cloud(), "usgovernment");
    });
  }

  it("leaves the cloud to the project, and that to the environment", async () => {
    assert.equal(await cloud(), "china");
    for (const written of ["usgovernment", "{value: usgovernment}", "{default: usgovernment}"]) {
      await write("Pulumi.yaml", `name: imaging\nconfig:\n  azuread:environment: ${written}\n`);
      assert.equal(await cloud(), "usgovernment");
    }
    await write("Pulumi.yaml", "name: [");
    assert.equal(await cloud(), "china");
  });
});
