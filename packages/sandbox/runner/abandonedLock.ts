import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { parseJsonObject } from "../standIn/http/jsonBody";
import type { SandboxFolder } from "./sandboxFolder";
import { invocation, stackName, type Project } from "./project";

/** How long an engine whose command was killed may take to notice, in milliseconds. */
const lockTimeout = 20_000;

/**
 * Unlocks the stack when the engine that has locked it is gone, as after a command that was killed. Locks of engines that are at
 * work stay.
 *
 * @param isAlone whether no other command can be at work on the sandbox: an engine that still runs has lost its command then, and
 *   is waited for.
 */
export async function removeAbandonedLocks(
  stack: Pick<Stack, "cancel">,
  folder: SandboxFolder,
  project: Pick<Project, "name">,
  isAlone: boolean,
  note: (line: string) => void,
): Promise<void> {
  const deadline = Date.now() + (isAlone ? lockTimeout : 0);
  let owners = await lockOwners(folder, project.name);
  if (owners.length === 0) return;
  while (owners.some(isAtWork) && Date.now() < deadline) {
    await delay(100);
    owners = await lockOwners(folder, project.name);
  }
  if (owners.length === 0 || owners.some(isAtWork)) return;
  note(
    `An earlier command was interrupted while the engine was running; unlocking the stack. When this command has finished, run ${invocation} refresh once, with the same options, to clear its pending operations.`,
  );
  await stack.cancel();
}

/** Who has locked the stack, as the engine's own backend in a folder writes it down. */
interface LockOwner {
  readonly pid: number;
  readonly hostname: string;
}

async function lockOwners(folder: SandboxFolder, projectName: string): Promise<LockOwner[]> {
  const locks = join(folder.backend, ".pulumi", "locks", "organization", projectName, stackName);
  const names = await readdir(locks).catch(() => []);
  const owners = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map(async (name) => ownerIn(await readFile(join(locks, name), "utf8").catch(() => ""))),
  );
  return owners.filter((owner) => owner !== undefined);
}

/** A lock that is being written, or was never written to its end, belongs to nobody who is known. */
function ownerIn(text: string): LockOwner | undefined {
  const { pid, hostname: machine } = parseJsonObject(text) ?? {};
  return typeof pid === "number" ? { pid, hostname: String(machine) } : undefined;
}

/** Whether the engine may still run; one on another machine counts as if it did. */
function isAtWork({ pid, hostname: machine }: LockOwner): boolean {
  if (machine !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
