import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { prepareWorkspace, projectName, readStackFile } from "../../sandbox/runner/workspace";

describe("the sandbox's stack file", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-file-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [form, isQualified] of [
    ["without the project's name", false],
    ["with the project's name", true],
  ] as const) {
    it(`may write the project's own keys ${form}`, async () => {
      const prefix = isQualified ? `${projectName}:` : "";
      const file = join(folder, "stack.yaml");
      await writeFile(
        file,
        `config:\n  ${prefix}clients:\n    a: {}\n  ${prefix}api:\n    loginUrl: https://login\n  azuread:environment: public\n`,
      );
      const stack = await readStackFile(file);
      assert.deepEqual(stack.own, { clients: { a: {} }, api: { loginUrl: "https://login" } });
      assert.equal(stack.config["azuread:environment"], "public");

      await prepareWorkspace(folder, stack, "https://sandbox");
      const { config } = parse(await readFile(join(folder, "Pulumi.sandbox.yaml"), "utf8")) as {
        readonly config: Readonly<Record<string, unknown>>;
      };
      assert.deepEqual(config, {
        [`${projectName}:clients`]: { a: {} },
        [`${projectName}:api`]: {
          loginUrl: "https://login",
          dicomServiceUrl: "https://sandbox/dicom/{workspace}-{service}",
        },
        "azuread:environment": "public",
      });
    });
  }
});
