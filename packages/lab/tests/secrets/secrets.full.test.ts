import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findSecrets } from "../../secretHooks/secretScan";
import { sweepPlainCli } from "./plainScenario";
import { Sweep, type SweptStep } from "./sweep";
import { randomSecret } from "entra-sandbox";

const nothing = { code: 0, stdout: "", stderr: "" };

describe("the search for secrets", () => {
  const canary = { name: "canary", value: 'a canary & "more" of it' };
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "canary-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const found = async (run: () => Promise<typeof nothing>): Promise<SweptStep> => {
    const sweep = new Sweep([folder], [[/^vault$/, /canary/]]);
    sweep.announce(canary);
    return sweep.step("command", run);
  };

  it("finds what a command prints, in every usual encoding", async () => {
    const { value } = canary;
    for (const [text, encoding] of [
      [value, "as it is"],
      [JSON.stringify(JSON.stringify({ value })), "in JSON"],
      [encodeURIComponent(value), "in a URL"],
      [Buffer.from(`x${value}yz`).toString("base64"), "in base64"],
      [Buffer.from(value).toString("hex"), "in hexadecimal"],
    ] as const) {
      const { leaks } = await found(() => Promise.resolve({ ...nothing, stderr: `before ${text} after` }));
      assert.deepEqual(leaks, [{ secret: "canary", encoding, where: "stderr" }]);
    }
  });

  it("finds what a command writes, except in the secret's own place", async () => {
    const { leaks } = await found(() => {
      for (const name of ["vault", "state.json"])
        writeFileSync(join(folder, name), `{"x":"${canary.value}"}`);
      return Promise.resolve(nothing);
    });
    assert.deepEqual(
      leaks.map(({ where }) => where),
      ["state.json"],
    );
    rmSync(join(folder, "state.json"));
  });

  it("finds arguments of processes", async () => {
    const { leaks } = await found(async () => {
      await promisify(execFile)(process.execPath, ["-e", "setTimeout(() => {}, 500)", canary.value]);
      return nothing;
    });
    assert.deepEqual(leaks, [{ secret: "canary", encoding: "as it is", where: "process arguments" }]);
  });

  it("knows secrets that nobody has announced by their form, and ordinary text from them", () => {
    const names = (text: string): string[] => findSecrets(Buffer.from(text), []).map(({ secret }) => secret);
    assert.deepEqual(names(`secret: ${randomSecret()}`), ["a client secret"]);
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = [part({ alg: "RS256" }), part({ aud: "x", sub: "y" }), "x".repeat(40)].join(".");
    assert.deepEqual(names(`Bearer ${token}`), ["a token or client assertion"]);
    assert.deepEqual(names("https://graph.microsoft.com/v1.0/applications eyJ 1.2.3"), []);
  });
});

describe("secrets of a stack", function () {
  this.timeout(300_000);

  it("are in nothing that a plain Pulumi CLI prints, writes or starts", async () => {
    const steps = await sweepPlainCli();
    assert.ok(steps.some(({ command, printed }) => command === "pulumi stack export" && printed > 10_000));
    assert.ok(steps.every(({ code, processes, files }) => code === 0 && processes > 0 && files > 5));
    assert.deepEqual(
      steps.flatMap(({ command, leaks }) => leaks.map((leak) => ({ command, ...leak }))),
      [],
    );
  });
});
