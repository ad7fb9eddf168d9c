import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSuppressions } from "../audit/suppressions";
import { OperationError } from "../operationError";

describe("the file of suppressions", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "suppressions-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is refused with the reason when its aliases cannot be resolved", async () => {
    const file = join(folder, "suppressions.yaml");
    const ten = (name: string): string => `[${Array(10).fill(name).join(", ")}]`;
    const bomb = `a: &a ${ten("x")}\nb: &b ${ten("*a")}\nc: &c ${ten("*b")}\nsuppressions: ${ten("*c")}\n`;
    for (const [text, cause] of [
      [bomb, /Excessive alias count/],
      ["suppressions: *nowhere\n", /nowhere/],
    ] as const) {
      writeFileSync(file, text);
      await assert.rejects(readSuppressions(folder, "dev", file, 0), (error) => {
        assert.ok(error instanceof OperationError);
        assert.match(error.explanation.cause ?? "", cause);
        return true;
      });
    }
  });
});
