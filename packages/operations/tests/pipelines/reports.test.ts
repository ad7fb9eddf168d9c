import assert from "node:assert/strict";
import { previewComment, previewMarker } from "../../pipeline/previewComment";
import type { PreflightReport } from "../../preflight/preflightReport";
import { quotedOutput } from "../../pipeline/quotedOutput";

describe("the reports of the pipelines", () => {
  it("let no name in Pulumi's output become markup", () => {
    const output = '~ displayName: "a" => "</pre><img src=x onerror=alert(1)> ``` @team \u001b[31m"\n';
    const comment = previewComment("dev", { code: 0, output }, undefined);
    assert.match(comment, /^<!-- pulumi preview of dev -->\n/);
    assert.equal(comment.match(/<\/?pre>/g)?.length, 2);
    assert.ok(!comment.includes("<img") && !comment.includes("\u001b"));
  });

  it("say that a preview has failed", () => {
    const output = "error: no stack named 'prod' found\n";
    const comment = previewComment("prod", { code: 255, output }, undefined);
    assert.ok(comment.startsWith(previewMarker("prod")));
    assert.match(comment, /### Preview of prod: failed with exit code 255/);
  });

  it("show what preflight has found, and nothing of it when all is clear", () => {
    const run = { code: 0, output: "" };
    const report: PreflightReport = {
      version: 1,
      stack: "prod",
      identity: "66666666-6666-4666-8666-666666666666",
      verdict: "obstacles",
      changing: ["gateway"],
      obstacles: [
        {
          kind: "name-taken",
          client: "gateway",
          path: "clients.gateway.displayName",
          detail: "another application has the name </pre><b>.",
          cure: ["Give the client another displayName."],
        },
      ],
      unread: [],
      notes: [],
    };
    const comment = previewComment("prod", run, report);
    assert.match(comment, /### prod would be refused/);
    assert.match(comment, /Give the client another displayName/);
    assert.ok(!comment.includes("</pre><b>"));
    const clear = previewComment("prod", run, { ...report, verdict: "clear", obstacles: [] });
    assert.equal(clear, previewComment("prod", run, undefined));
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
