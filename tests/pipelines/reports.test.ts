import assert from "node:assert/strict";
import { previewComment, previewMarker } from "../../pipelines/previewComment";
import { quotedOutput } from "../../pipelines/quotedOutput";
import { runPipelineCommand } from "../../pipelines/pipelineCommand";

describe("the reports of the pipelines", () => {
  it("let no name in Pulumi's output become markup", () => {
    const comment = previewComment("dev", {
      code: 0,
      output: '~ displayName: "a" => "</pre><img src=x onerror=alert(1)> ``` @team \u001b[31m"\n',
    });
    assert.match(comment, /^<!-- pulumi preview of dev -->\n/);
    assert.equal(comment.match(/<\/?pre>/g)?.length, 2);
    assert.ok(!comment.includes("<img") && !comment.includes("\u001b"));
  });

  it("say that a preview has failed", () => {
    const comment = previewComment("prod", { code: 255, output: "error: no stack named 'prod' found\n" });
    assert.ok(comment.startsWith(previewMarker("prod")));
    assert.match(comment, /### Preview of prod: failed with exit code 255/);
  });

  it("keep to what a comment of GitHub holds, in whole lines, and say what they leave out", () => {
    const line = `${"<".repeat(99)}\n`;
    const quoted = quotedOutput(line.repeat(1000), 50_000);
    assert.ok(quoted.length <= 50_000 && quoted.length > 49_000);
    const kept = quoted.match(/^(&#60;){99}$/gm)?.length ?? 0;
    assert.match(quoted, new RegExp(`The last ${1000 - kept} lines are left out here`));
    assert.equal(quotedOutput("one\ntwo\n", 1000), "<pre>\none\ntwo\n</pre>");
  });
});

describe("the command line of the pipelines", () => {
  const run = async (
    ...argv: readonly string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> => {
    const collected = { stdout: "", stderr: "" };
    const sink = (name: keyof typeof collected): { write(text: string, done: () => void): void } => ({
      write(text, done) {
        collected[name] += text;
        done();
      },
    });
    const code = await runPipelineCommand(argv, {
      stdout: sink("stdout"),
      stderr: sink("stderr"),
      env: {},
      cwd: process.cwd(),
    });
    return { code, ...collected };
  };

  it("explains itself", async () => {
    const { code, stdout, stderr } = await run("drift", "--help");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /Exit codes: 0 clean, 7 drift or a rotation that is due, 1 failed/);
  });

  it("says what is missing", async () => {
    const { code, stdout, stderr } = await run("preview", "--stack", "dev");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /required option '--reports <folder>' not specified/);
  });

  it("limits a rotation to secrets and their copies in key vaults", async () => {
    assert.deepEqual(await run("rotation-targets"), {
      code: 0,
      stdout:
        "**azuread:index/applicationPassword:ApplicationPassword::**\n**azure-native:keyvault:Secret::**\n",
      stderr: "",
    });
  });
});
