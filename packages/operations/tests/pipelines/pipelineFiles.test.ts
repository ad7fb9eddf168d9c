import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineDifference } from "../../pipeline/lineDifference";
import { operationRun, type OperationRun } from "lab";

describe("dicom-ops pipelines", () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "project-"));
    await writeFile(join(project, "Pulumi.yaml"), "name: imaging\nruntime: nodejs\n");
  });
  afterEach(() => rm(project, { recursive: true }));

  const run = (...argv: readonly string[]): Promise<OperationRun> =>
    operationRun(["pipelines", ...argv, "--cwd", project], { env: {}, cwd: tmpdir() });
  const filesIn = async (folder: string): Promise<string[]> =>
    (await readdir(join(project, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(project.length + 1))
      .sort();

  it("adds the files of GitHub Actions, and says what to do next", async () => {
    const { code, stdout, stderr } = await run("github");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(await filesIn(".github"), [
      ".github/actions/prepare/action.yml",
      ".github/workflows/deploy-stack.yml",
      ".github/workflows/deploy.yml",
      ".github/workflows/pull-request.yml",
      ".github/workflows/watch-stack.yml",
      ".github/workflows/watch.yml",
    ]);
    assert.match(stdout, /^Written: \.github\/actions\/prepare\/action\.yml\n/);
    assert.match(stdout, /What to do next[^]*npx dicom-ops pipelines identity/);
    assert.equal(existsSync(join(project, "azure-pipelines")), false);
  });

  it("adds the files of Azure Pipelines, templates included", async () => {
    const { code } = await run("azure");
    assert.equal(code, 0);
    assert.deepEqual(await filesIn("azure-pipelines"), [
      "azure-pipelines/deploy.yml",
      "azure-pipelines/pull-request.yml",
      "azure-pipelines/templates/deploy-stack.yml",
      "azure-pipelines/templates/prepare.yml",
      "azure-pipelines/templates/preview-stack.yml",
      "azure-pipelines/templates/watch-stack.yml",
      "azure-pipelines/watch.yml",
    ]);
  });

  it("copies YAML and nothing else, which runs nothing of this repository", async () => {
    await run("github");
    await run("azure");
    for (const file of [...(await filesIn(".github")), ...(await filesIn("azure-pipelines"))]) {
      assert.match(file, /\.yml$/);
      const text = readFileSync(join(project, file), "utf8");
      assert.doesNotMatch(text, /npm run|ts-node|operations\/|sandbox|toolchain/);
    }
  });

  it("does nothing when all is there, whatever the ends of the lines", async () => {
    await run("github");
    const file = join(project, ".github/workflows/watch.yml");
    const written = readFileSync(file, "utf8").replaceAll("\n", "\r\n");
    await writeFile(file, written);
    const { code, stdout } = await run("github");
    assert.deepEqual([code, stdout], [0, "Every file is there already, as it should be.\n"]);
    assert.equal(readFileSync(file, "utf8"), written);
  });

  it("leaves a file that differs alone, shows what differs, and writes nothing else either", async () => {
    await run("github");
    const file = join(project, ".github/workflows/deploy.yml");
    await appendFile(file, "# ours\u001b[2J\n");
    await rm(join(project, ".github/workflows/watch.yml"));
    const { code, stdout } = await run("github");
    assert.equal(code, 7);
    assert.match(stdout, /^\.github\/workflows\/deploy\.yml differs/);
    assert.match(stdout, /^ {4}- # ours\\u001b\[2J$/m);
    assert.match(stdout, /Nothing was written: 1 file differs\. Add --force/);
    assert.match(readFileSync(file, "utf8"), /# ours/);
    assert.equal(existsSync(join(project, ".github/workflows/watch.yml")), false);
    assert.equal((await run("github", "--force")).code, 0);
    assert.doesNotMatch(readFileSync(file, "utf8"), /# ours/);
    assert.ok(existsSync(join(project, ".github/workflows/watch.yml")));
  });

  it("refuses a folder that is no Pulumi project", async () => {
    await rm(join(project, "Pulumi.yaml"));
    const { code, stderr } = await run("azure");
    assert.equal(code, 1);
    assert.match(stderr, /is not the folder of a Pulumi project/);
    assert.deepEqual(await readdir(project), []);
  });

  it("explains itself", async () => {
    const { code, stdout } = await run("github", "--help");
    assert.equal(code, 0);
    assert.match(stdout, /is left alone, and nothing is written, unless you give --force/);
    assert.match(stdout, /Exit codes: 0 written, or nothing to do, 7 files differ, 1 failed/);
  });
});

describe("the lines by which texts differ", () => {
  it("are shown with one line beside each change", () => {
    assert.deepEqual(lineDifference("a\r\nb\r\nc\r\nd\r\ne", "a\nb\nx\nd\ne"), ["  b", "- c", "+ x", "  d"]);
    assert.deepEqual(lineDifference("a\nb\nc\nd", "A\nb\nc\nD"), ["- a", "+ A", "  b", "  c", "- d", "+ D"]);
    assert.deepEqual(lineDifference("a\nb\nc\nd\ne", "A\nb\nc\nd\nE")[3], "  …");
    assert.deepEqual(lineDifference("", "a"), ["+ a"]);
    assert.deepEqual(lineDifference("a", "a"), []);
  });
});
