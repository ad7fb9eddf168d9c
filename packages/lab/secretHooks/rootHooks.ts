import assert from "node:assert/strict";
import { ChildProcess } from "node:child_process";
import fs, { type PathLike, type RmOptions } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { searchFolder, searchText, takeFound } from "./foundSecrets";

// Searches for secrets what the whole test run makes: every temporary folder before it is removed, what every process is started with,
// and what it prints. The sandbox's secrets have the form of Entra's, so that none has to be announced.

type Spawn = (this: ChildProcess, options: unknown) => unknown;

const prototype = ChildProcess.prototype as unknown as { spawn: Spawn };
const spawn = prototype.spawn;
prototype.spawn = function (options) {
  const result = spawn.call(this, options);
  const line = this.spawnargs.join(" ");
  searchText(`the arguments of ${this.spawnfile}`, Buffer.from(line));
  if (!isToShowSecrets(line)) {
    for (const stream of [this.stdout, this.stderr]) {
      if (stream === null) continue;
      const push = stream.push.bind(stream);
      stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
        if (Buffer.isBuffer(chunk)) searchText(`what was printed by ${line.slice(0, 200)}`, chunk);
        return push(chunk, encoding);
      };
    }
  }
  return result;
};

/** Commands that are asked for a secret or a token: their output is for who asks. */
function isToShowSecrets(line: string): boolean {
  return /--show-secrets?\b|keyvault secret show|grant_type=client_credentials|sandbox\/bin\/cli\.js .*\bserve$|tenantProgram\.ts/.test(
    line,
  );
}

const rmSync = fs.rmSync.bind(fs);
fs.rmSync = (path: PathLike, options?: RmOptions): void => {
  searchBeforeRemoval(path, options);
  rmSync(path, options);
};
const rmLater = rm;
fs.promises.rm = (path: PathLike, options?: RmOptions): Promise<void> => {
  searchBeforeRemoval(path, options);
  return rmLater(path, options);
};

function searchBeforeRemoval(path: PathLike, options: RmOptions | undefined): void {
  const folder = String(path);
  const isOurs = options?.recursive === true && folder.startsWith(tmpdir());
  if (isOurs && fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) searchFolder(folder);
}

export const mochaHooks = {
  afterAll(): void {
    assert.deepEqual(takeFound(), [], "secrets are where none may be");
  },
};
