import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finding, finding } from "../audit/finding";
import { readSuppressions, suppress, suppressionsOf } from "../audit/suppressions";
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

  /** What a rule says of a credential, of which it may find several things. */
  const claim = (detail: string): Finding =>
    finding({
      rule: "federated-claims-broad",
      client: "gateway",
      side: "live",
      object: "a",
      detail,
      next: "look",
    });
  const common = { reason: "known", owner: "team", expires: "1970-12-31" };
  const read = async (text: string): ReturnType<typeof readSuppressions> => {
    const file = join(folder, "several.yaml");
    writeFileSync(file, text);
    return readSuppressions(folder, "dev", file, 0);
  };

  it("accepts several findings of one rule about one object, each by its content", async () => {
    const [one, other, third] = [claim("one"), claim("other"), claim("third")];
    const entries = await read(suppressionsOf([one, other], common));
    const rulesOf = (findings: readonly Finding[]): string[] =>
      suppress(findings, entries, 0, 14, true).findings.map(({ rule }) => rule);
    assert.deepEqual(rulesOf([one, other]), []);
    assert.deepEqual(rulesOf([other, one, third]), ["federated-claims-broad"]);
    assert.deepEqual(rulesOf([other]), ["suppression-unused"]);
    assert.deepEqual(rulesOf([other, third]), ["federated-claims-broad", "suppression-changed"]);
    assert.deepEqual(rulesOf([]), ["suppression-unused", "suppression-unused"]);
  });

  it("has one entry for findings that say the same, and refuses it twice", async () => {
    const text = suppressionsOf([claim("one"), claim("one")], common);
    const entries = await read(text);
    assert.equal(entries.length, 1);
    assert.equal(suppress([claim("one"), claim("one")], entries, 0, 14, true).suppressed.length, 2);
    const [head = "", ...lines] = text.split("\n");
    await assert.rejects(read([head, ...lines.slice(0, -1), ...lines].join("\n")), (error) => {
      assert.ok(error instanceof OperationError);
      assert.equal(error.explanation.cause, "suppressions.1: is the same as suppressions.0");
      return true;
    });
  });
});
