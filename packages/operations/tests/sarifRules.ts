import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import type { Log } from "sarif";

const schema = JSON.parse(
  readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
) as object;
const schemas = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false });
const isSarif = schemas.compile(schema);

/**
 * Asserts that a text is SARIF 2.1.0 by its JSON Schema, and that GitHub takes all of it. Source:
 * https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 *
 * @returns what it says
 */
export function assertValidSarif(text: string | undefined): Log {
  const log = JSON.parse(text ?? "") as Log;
  assert.ok(isSarif(log), schemas.errorsText(isSarif.errors, { separator: "\n" }));
  assert.equal(log.runs.length, 1);
  const [run] = log.runs;
  assert.match(run?.automationDetails?.id ?? "", /^client-audit\/.+\/$/);
  assert.deepEqual(
    run?.invocations?.map(({ executionSuccessful }) => executionSuccessful),
    [true],
  );
  const rules = run.tool.driver.rules ?? [];
  for (const { id, shortDescription, fullDescription, help, properties } of rules) {
    for (const words of [shortDescription, fullDescription, help]) {
      assert.ok(words?.text !== undefined && words.text !== "" && words.text.length <= 1024, id);
    }
    assert.ok((properties?.tags ?? []).length <= 10, id);
    assert.ok(Number(properties?.["security-severity"]) > 0, id);
  }
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  const prints = new Set<string>();
  for (const { ruleId, ruleIndex, message, locations, partialFingerprints } of run.results ?? []) {
    assert.equal(rules[ruleIndex ?? -1]?.id, ruleId);
    assert.ok(message.text);
    const place = locations?.[0]?.physicalLocation;
    const uri = place?.artifactLocation?.uri ?? "";
    assert.ok(uri !== "" && !/^(\/|[a-z]+:|\.\.)|\\| /i.test(uri), `${uri} does not lie in the repository`);
    const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = place?.region ?? {};
    assert.ok(startLine >= 1 && startColumn >= 1 && endLine === startLine && endColumn >= startColumn);
    prints.add(partialFingerprints?.["primaryLocationLineHash"] ?? "");
  }
  assert.equal(prints.size, run.results?.length, "each result needs a fingerprint of its own");
  return log;
}
