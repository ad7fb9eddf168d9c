import assert from "node:assert/strict";
import { runHeadings, runnableBlocks } from "./guide";

describe("the guides on state backends", () => {
  it("have no command that a test neither runs nor is said not to run", () => {
    const headings = new Set(runnableBlocks().map(({ heading }) => heading));
    assert.deepEqual([...headings], [...runHeadings]);
  });
});
