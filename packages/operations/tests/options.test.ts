import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { operationRun } from "lab";

describe("what is given to ops is used or refused", () => {
  const clock = { now: () => new Date("2026-11-24T09:00:00Z"), sleep: () => Promise.resolve() };
  const run = (...argv: string[]): Promise<{ readonly code: number; readonly stderr: string }> =>
    operationRun([...argv, "--stack", "none"], { env: { PATH: "" }, cwd: tmpdir(), clock });

  for (const [argv, said] of [
    [["audit", "--reason", "x"], /^--reason is for suppressions only\.\nFix: Add --format suppressions/],
    [
      ["audit", "--owner", "x", "--expires", "2027-01-01"],
      /^--owner and --expires are for suppressions only/,
    ],
    [["rights", "--identity", "99999999-9999-4999-8999-999999999999"], /^--identity is for --check only\./],
    [["rights", "--check", "--identity", "gateway"], /^"gateway" is not the object id/],
    [["adopt", " "], /^The registration has no name\./],
    [["adopt", "x", "--config-out", "a", "--import-out", "./a"], /name the same file/],
    [["verify", "--certificate-key", "/nowhere/key.pem"], /^The file \/nowhere\/key\.pem cannot be read\./],
    [["status", "--warn", "-1"], /Write whole days/],
  ] as const) {
    it(`refuses ops ${argv.join(" ")}`, async () => {
      const { code, stderr } = await run(...argv);
      assert.equal(code, 1);
      assert.match(stderr, said);
    });
  }
});
