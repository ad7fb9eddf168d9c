import assert from "node:assert/strict";
import { readRecording } from "./recording";
import { differences } from "./differences";

/** Every change of one value in a JSON value: removed, or of another type. */
function mutations(value: unknown): readonly unknown[] {
  if (value === null || typeof value !== "object") return [{ mutated: true }];
  const copy = (): Record<string, unknown> => structuredClone(value) as Record<string, unknown>;
  return Object.keys(value).flatMap((key) => {
    const inner = (value as Record<string, unknown>)[key];
    const changed = mutations(inner).map((mutation) => Object.assign(copy(), { [key]: mutation }));
    if (Array.isArray(value)) return changed;
    const without = copy();
    delete without[key];
    return [without, ...changed];
  });
}

describe("Comparison of answers with the recordings", () => {
  const answers = readRecording("01-up.jsonl")
    .map((line) => line.response)
    .filter((response) => response !== null);

  it("finds no difference between an answer and itself, or one with more properties", () => {
    for (const answer of answers) {
      assert.deepEqual(differences(answer, answer), []);
      assert.deepEqual(differences(answer, { ...(answer as object), more: 1 }), []);
    }
  });

  it("notices every property that is missing or of another type", () => {
    let count = 0;
    for (const answer of answers) {
      for (const mutated of mutations(answer)) {
        assert.notDeepEqual(differences(answer, mutated), [], JSON.stringify(mutated));
        count += 1;
      }
    }
    assert.ok(count > 1000);
  });

  it("notices another value, but for those that vary", () => {
    assert.deepEqual(differences({ notes: "a" }, { notes: "b" }), ['.notes is "b" instead of "a"']);
    assert.deepEqual(differences({ at: "2026-11-23T02:01:45Z" }, { at: "2027-01-01T00:00:00Z" }), []);
    assert.deepEqual(differences({ value: [1] }, { value: [1, 2] }), [".value has 2 items instead of 1"]);
  });
});
