import assert from "node:assert/strict";
import { previewComment, previewMarker } from "../../pipeline/previewComment";
import { quotedOutput } from "../../pipeline/quotedOutput";

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
