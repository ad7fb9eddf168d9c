import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { SandboxError } from "../../runner/sandboxError";
import { prepareWorkspace, projectName, readStackFile } from "../../runner/workspace";

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

  it("is refused when its aliases would take up all memory, or stand for nothing", async () => {
    const file = join(folder, "aliases.yaml");
    const ten = (name: string): string => `[${Array(10).fill(name).join(", ")}]`;
    const bomb = `a: &a ${ten("x")}\nb: &b ${ten("*a")}\nc: &c ${ten("*b")}\nconfig: ${ten("*c")}\n`;
    for (const [text, reason] of [
      [bomb, /Excessive alias count/],
      ["config: *nowhere\n", /nowhere/],
    ] as const) {
      await writeFile(file, text);
      await assert.rejects(readStackFile(file), (error) => {
        assert.ok(error instanceof SandboxError);
        assert.ok(error.message.includes(file));
        assert.match(error.message, reason);
        return true;
      });
    }
  });
});
