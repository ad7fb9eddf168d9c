import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { TenantError } from "../core/tenantError";

/** What a running server leaves in its folder so that other processes of the same user can find it. */
export interface ServerRecord {
  readonly pid: number;
  readonly url: string;
  /** Random; tells this run of the server from any other. */
  readonly instance: string;
  readonly controlKey: string;
}

/** A folder held by this process. */
export interface FolderLock {
  /** @throws TenantError when another process has taken the folder, after this one was not seen alive for too long */
  check(): void;
  /** Publishes where the server listens. */
  announce(record: ServerRecord): Promise<void>;
  release(): Promise<void>;
}

/** How long a lock may go unrefreshed before another process may take it, in milliseconds. */
const staleAfter = 10_000;
/** The same for a lock whose owner is known to be gone; the smallest that the lock library allows. */
const staleWhenGone = 2_000;

/**
 * Takes the folder for one server.
 * @throws TenantError naming the server that has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let lost: Error | undefined;
  const release = await acquire(folder, (error) => {
    lost = error;
  });
  const file = serverFile(folder);
  return {
    check() {
      if (lost !== undefined)
        throw new TenantError(`Another process has taken the folder ${folder}: ${lost.message}`);
    },
    announce: (record) => writeFile(file, `${JSON.stringify(record)}\n`, { mode: 0o600 }),
    async release() {
      if (lost !== undefined) return;
      await rm(file, { force: true });
      await release();
    },
  };
}

/** The server that announced itself in the folder, whether or not it still runs. */
export async function readServerRecord(folder: string): Promise<ServerRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(serverFile(folder), "utf8")) as Partial<ServerRecord>;
    const { pid, url, instance, controlKey } = record;
    return pid !== undefined && url !== undefined && instance !== undefined && controlKey !== undefined
      ? { pid, url, instance, controlKey }
      : undefined;
  } catch {
    return undefined;
  }
}

async function acquire(folder: string, onCompromised: (error: Error) => void): Promise<() => Promise<void>> {
  const options = { lockfilePath: join(folder, "lock"), update: 1_000, onCompromised };
  try {
    return await lock(folder, { ...options, stale: staleAfter });
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
  const other = await readServerRecord(folder);
  if (other !== undefined && isAlive(other.pid)) throw taken(folder, other);
  try {
    return await lock(folder, {
      ...options,
      stale: staleWhenGone,
      retries: { retries: 16, factor: 1, minTimeout: 250, maxTimeout: 250 },
    });
  } catch (error) {
    if (!isLocked(error)) throw error;
    throw taken(folder, await readServerRecord(folder));
  }
}

function taken(folder: string, other: ServerRecord | undefined): TenantError {
  const who = other === undefined ? "" : `: ${other.url}, process ${String(other.pid)}`;
  return new TenantError(`Another sandbox tenant is running on ${folder}${who}.`);
}

function serverFile(folder: string): string {
  return join(folder, "server.json");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isLocked(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ELOCKED";
}
