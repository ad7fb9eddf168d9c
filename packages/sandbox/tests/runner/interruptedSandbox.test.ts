import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { removeAbandonedLocks } from "../../runner/abandonedLock";
import { diskProblem } from "../../runner/diskProblem";
import { SandboxFolder } from "../../runner/sandboxFolder";
import { recoverState } from "../../runner/stateRecovery";

const project = { name: "dicom-service-client" };

describe("what an interrupted command leaves in the sandbox's folder", () => {
  let folder: SandboxFolder;
  let notes: string[];
  const note = (line: string): number => notes.push(line);
  const inBackend = (...names: readonly string[]): string => join(folder.backend, ".pulumi", ...names);

  beforeEach(() => {
    folder = new SandboxFolder(mkdtempSync(join(tmpdir(), "interrupted-")));
    notes = [];
  });
  afterEach(() => rmSync(folder.root, { recursive: true }));

  describe("locks", () => {
    let cancelled: number;
    const stack = { cancel: () => Promise.resolve(void (cancelled += 1)) } as unknown as Stack;
    const lock = (owner: object): void => {
      const locks = inBackend("locks", "organization", "dicom-service-client", "sandbox");
      mkdirSync(locks, { recursive: true });
      writeFileSync(join(locks, "one.json"), JSON.stringify(owner));
    };
    /** A process that has ended. */
    const gone = (): number => spawnSync(process.execPath, ["--version"]).pid;

    beforeEach(() => (cancelled = 0));

    it("of an engine that is gone are taken away", async () => {
      lock({ pid: gone(), hostname: hostname() });
      await removeAbandonedLocks(stack, folder, project, true, note);
      assert.equal(cancelled, 1);
      assert.match(notes.join(), /interrupted/);
    });

    it("of an engine at work, here or elsewhere, stay", async () => {
      for (const owner of [
        { pid: process.pid, hostname: hostname() },
        { pid: gone(), hostname: "another" },
      ]) {
        lock(owner);
        await removeAbandonedLocks(stack, folder, project, false, note);
      }
      assert.deepEqual([cancelled, notes], [0, []]);
    });

    it("are not looked for in vain where there are none", async () => {
      await removeAbandonedLocks(stack, folder, project, true, note);
      assert.deepEqual([cancelled, notes], [0, []]);
    });
  });

  describe("a state", () => {
    const write = (name: string, text: string): void => {
      mkdirSync(inBackend("stacks", "dicom-service-client"), { recursive: true });
      writeFileSync(inBackend("stacks", "dicom-service-client", name), text);
    };
    const state = (): string =>
      readFileSync(inBackend("stacks", "dicom-service-client", "sandbox.json"), "utf8");

    it("stays when only the attributes beside it are cut off, which go", async () => {
      write("sandbox.json", '{"checkpoint":{}}');
      write("sandbox.json.attrs", "");
      await recoverState(folder, project, note);
      assert.equal(state(), '{"checkpoint":{}}');
      assert.ok(!existsSync(inBackend("stacks", "dicom-service-client", "sandbox.json.attrs")));
    });

    it("that is cut off makes way for the one before", async () => {
      write("sandbox.json", '{"checkpoint":{"lat');
      write("sandbox.json.bak", '{"checkpoint":{}}');
      await recoverState(folder, project, note);
      assert.equal(state(), '{"checkpoint":{}}');
      assert.match(notes.join(), /truncated/);
    });

    it("that is whole stays, and so does one without a whole one before it", async () => {
      write("sandbox.json", '{"checkpoint":{"latest":{}}}');
      write("sandbox.json.bak", '{"checkpoint":{}}');
      await recoverState(folder, project, note);
      assert.equal(state(), '{"checkpoint":{"latest":{}}}');
      write("sandbox.json", "{");
      write("sandbox.json.bak", "{");
      await recoverState(folder, project, note);
      assert.equal(state(), "{");
      assert.deepEqual(notes, []);
    });
  });
});

describe("diskProblem", () => {
  const failure = (code: string, more: object = {}): Error =>
    Object.assign(new Error("of the system"), { code, ...more });

  it("says what is wrong with which file, and what to do", () => {
    assert.match(
      diskProblem(failure("ENOSPC", { path: "/a/b" })) ?? "",
      /^\/a\/b cannot be written: the disk is full \(ENOSPC\)\. Free some space or choose another folder/,
    );
    assert.match(
      diskProblem(failure("EROFS")) ?? "",
      /^A file of the sandbox cannot be written: .*read-only/,
    );
    assert.match(diskProblem(failure("ENOENT", { syscall: "mkdir", path: "/a" })) ?? "", /parent folder/);
  });

  it("knows nothing of other errors", () => {
    assert.equal(diskProblem(failure("ECONNRESET")), undefined);
    assert.equal(diskProblem(failure("ENOENT", { syscall: "open", path: "/a" })), undefined);
    assert.equal(diskProblem("text"), undefined);
  });
});
