import assert from "node:assert/strict";
import type { OpMap, Stack, UpOptions } from "@pulumi/pulumi/automation";
import { quickStack } from "../../runner/quickStack";

const stackWith = (resourceChanges: OpMap): Stack =>
  ({
    up({ onEvent }: UpOptions) {
      onEvent?.({
        sequence: 1,
        timestamp: 0,
        summaryEvent: { maybeCorrupt: false, durationSeconds: 0, resourceChanges, policyPacks: {} },
      });
      return Promise.resolve({ stdout: "", stderr: "" });
    },
  }) as unknown as Stack;

describe("a stack whose results come from the engine's events", () => {
  it("counts what was done", async () => {
    const { summary } = await quickStack(stackWith({ create: 1, same: 2 })).up();
    assert.deepEqual(summary.resourceChanges, { create: 1, same: 2 });
  });

  it("takes no update for one that heard nothing from the program, the stack itself included", async () => {
    for (const nothing of [{}, { delete: 7 }]) {
      await assert.rejects(quickStack(stackWith(nothing)).up(), /could not reach the engine/);
    }
  });
});
