import assert from "node:assert/strict";
import * as fc from "fast-check";
import { runFuzz } from "./fuzzRun";
import { openTarget, refusedWith } from "./fuzzTarget";

// Always the same inputs.
describe("bad input", function () {
  this.timeout(300_000);

  it("is refused in words, by everything that reads what users write", async () => {
    const results = await runFuzz({ cases: 1_000, seed: 20_261_124 });
    assert.deepEqual(
      results.flatMap(({ target, findings }) => findings.map((finding) => ({ target, ...finding }))),
      [],
    );
    for (const { target, cases, refused } of results) {
      assert.ok(refused > 0 && refused <= cases, `${target} refuses ${refused} of ${cases}`);
    }
  });

  describe("is not taken for refused", () => {
    const finding = async (probe: () => "accepted" | "refused" | Promise<never>): Promise<string> => {
      const { finding: found } = await openTarget(fc.constant("input"), probe).check({ seed: 1, cases: 1 });
      return found?.detail ?? "";
    };

    it("when the error is none for users", async () => {
      const refuse = (): "refused" => {
        throw new TypeError("x is undefined");
      };
      assert.match(await finding(refuse), /x is undefined/);
      assert.equal(refusedWith(new RangeError("too long"), RangeError), "refused");
      assert.throws(() => refusedWith(new TypeError("x"), RangeError), /x/);
    });

    it("when the message has a stack trace, or no words", () => {
      const trace = new Error("inner").stack ?? "";
      assert.throws(() => refusedWith(new RangeError(`wrong: ${trace}`), RangeError), /has a stack trace/);
      assert.throws(() => refusedWith(new RangeError(" "), RangeError), /without a word/);
    });

    it("when it pollutes what all objects share", async () => {
      const pollute = (): "accepted" => {
        Object.defineProperty(Object.prototype, "polluted", {
          value: 1,
          enumerable: true,
          configurable: true,
        });
        return "accepted";
      };
      try {
        assert.match(await finding(pollute), /got polluted/);
      } finally {
        Reflect.deleteProperty(Object.prototype, "polluted");
      }
    });
  });
});
