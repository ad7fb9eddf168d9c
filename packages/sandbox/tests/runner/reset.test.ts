import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reset } from "../../commands/reset";
import { SandboxFolder } from "../../runner/sandboxFolder";

describe("A reset", () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "reset-"));
  });
  afterEach(() => rmSync(base, { recursive: true }));
  const resetAt = (root: string): Promise<number> => reset(new SandboxFolder(root), () => undefined);

  it("removes what the sandbox has written, and what is not there any more", async () => {
    const folder = new SandboxFolder(join(base, "sandbox"));
    await folder.prepare();
    await folder.passphrase();
    assert.equal(await resetAt(folder.root), 0);
    assert.ok(!existsSync(folder.root));
    assert.equal(await resetAt(folder.root), 0);
  });

  it("removes neither a file nor a folder of somebody else's that --folder names", async () => {
    const file = join(base, "notes.txt");
    writeFileSync(file, "mine");
    await assert.rejects(resetAt(file), /notes\.txt is not the folder of a sandbox; nothing was removed/);
    mkdirSync(join(base, "tenant"));
    await assert.rejects(resetAt(base), /contains what no sandbox has written, such as notes\.txt/);
    assert.equal(readFileSync(file, "utf8"), "mine");
    assert.ok(existsSync(join(base, "tenant")));
  });
});
