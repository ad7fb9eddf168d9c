import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { build } from "./build";
import { download } from "./download";
import { executableName } from "./executableOnPath";
import type { InstallContext } from "./installContext";
import { type Attempt, SourceUnavailable } from "./toolchainError";

/** Milliseconds between two looks at a lock that another run holds. */
const lockPoll = 250;

/** A program that was just ended may still write for a moment, hence the retries. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/**
 * Downloads or builds the CLI into a folder beside `root`, which takes that name when it is complete. One run does so, and others wait
 * for it; a run that was killed is taken to be gone after ten seconds.
 * @param check throws SourceUnavailable when an executable is not the CLI that it should be
 * @returns how the CLI has come there, or why it has not
 */
export async function install(
  root: string,
  context: InstallContext,
  check: (executable: string) => Promise<unknown>,
): Promise<string | readonly Attempt[]> {
  const parent = dirname(root);
  const prefix = `.${basename(root)}.partial-`;
  await mkdir(parent, { recursive: true });
  const release = await lockInstallation(root, context);
  try {
    if (await passes(check(join(root, "bin", executableName("pulumi"))))) return "prepared by another run";
    // whoever holds the lock is the only one to have such a folder
    for (const name of await readdir(parent)) {
      if (name.startsWith(prefix)) await rm(join(parent, name), removal);
    }
    const attempts: Attempt[] = [];
    for (const source of context.isDownloadAllowed ? [downloadSource, buildSource] : [buildSource]) {
      const folder = await mkdtemp(join(parent, prefix));
      const filled = join(folder, "root");
      const executable = join(filled, "bin", executableName("pulumi"));
      try {
        await mkdir(dirname(executable), { recursive: true });
        await source.fill({ root: filled, executable, scratch: join(folder, "scratch") }, context);
        await check(executable);
        await replace(root, filled, join(folder, "replaced"));
        context.progress(`Pulumi CLI ready: ${join(root, "bin", executableName("pulumi"))}`);
        return source.done;
      } catch (error) {
        if (!(error instanceof SourceUnavailable)) throw error;
        attempts.push({ source: source.name, reason: error.message });
      } finally {
        await rm(folder, removal);
      }
    }
    return attempts;
  } finally {
    await release();
  }
}

const downloadSource = { name: "official download", done: "just downloaded", fill: download };
const buildSource = { name: "build from Go modules", done: "just built from its Go modules", fill: build };

async function passes(check: Promise<unknown>): Promise<boolean> {
  try {
    await check;
    return true;
  } catch (error) {
    if (error instanceof SourceUnavailable) return false;
    throw error;
  }
}

/** A folder cannot be renamed over a filled one: what is there goes elsewhere first. */
async function replace(root: string, by: string, elsewhere: string): Promise<void> {
  await rename(root, elsewhere).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(by, root);
}

async function lockInstallation(
  root: string,
  { progress, signal }: InstallContext,
): Promise<() => Promise<void>> {
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    try {
      // after this machine had been asleep another run may have taken it: both get a CLI then, one after the other
      const release = await lock(root, { realpath: false, onCompromised: () => undefined });
      return () => release().catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    if (isFirst) progress("another run is already preparing the Pulumi CLI; waiting for it");
    await sleep(lockPoll, undefined, { signal });
  }
}
