import assert from "node:assert/strict";
import { faultSection } from "../faults/faultSection";
import type { Cell } from "../faults/faultCell";
import { killSection } from "../kills/killSection";
import { cell, markdownTable } from "../report/markdownTable";

describe("the lab's reports", () => {
  it("are tables, whose cells keep foreign text in its place", () => {
    assert.equal(
      markdownTable(["what", "n"], [[cell("a | b\n<br>"), 1]]),
      "| what | n |\n| --- | --- |\n| a \\| b &lt;br> | 1 |",
    );
  });

  it("gather cells of one request and detail, and count what did not come through", () => {
    const one: Cell = {
      scenario: "up",
      operation: "graph.applications.create",
      version: "v1.0",
      fault: "503-after",
      nth: 1,
      outcome: "reported",
      detail: "left behind",
    };
    const report = faultSection({
      sizes: { up: 3 },
      cells: [one, { ...one, fault: "500-after" }, { ...one, fault: "lag", outcome: "not met" }],
    }).join("\n");
    assert.match(report, /^2 of 3 cells\.$/m);
    assert.match(
      report,
      /^\| up \| `graph\.applications\.create` \| 503-after, 500-after \| left behind \|$/m,
    );
    assert.match(report, /^What failed: nothing\.$/m);
  });

  it("say what kills took", () => {
    const kill = { seed: 1, scenario: "up", target: "engine", moment: 0.5 } as const;
    const report = killSection([
      { ...kill, outcome: "recovered", detail: "pulumi cancel, pulumi import, pulumi import" },
      { ...kill, outcome: "too late", detail: "" },
      { ...kill, outcome: "failed", detail: "a published secret is refused" },
    ]).join("\n");
    assert.match(report, /^2 kills, seed 1; 1 more came after the command's end/m);
    assert.match(report, /^\| pulumi cancel, 2 × pulumi import, then running it again \| 1 \|$/m);
    assert.match(report, /^\| up \| engine \| 50 % \| a published secret is refused \|$/m);
  });
});
