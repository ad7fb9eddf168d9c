import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProjectName } from "../project/projectName";

describe("the name of a Pulumi project", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "project-name-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const files: readonly [string, string, string | undefined][] = [
    ["is that of Pulumi.yaml", "name: imaging-clients\nruntime: nodejs\n", "imaging-clients"],
    ["may be a number", "name: 2026\nruntime: nodejs\n", "2026"],
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
