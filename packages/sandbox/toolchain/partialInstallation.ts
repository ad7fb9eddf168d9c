import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** No download and no build takes that many milliseconds; an older folder is a leftover whatever its name says. */
const longestJob = 60 * 60 * 1000;

/**
 * An installation in the making: a folder beside the final one (so that a rename suffices to publish it), named after
 * the process that fills it. It is removed with {@link PartialInstallation.remove}, or when the process exits.
 */
export class PartialInstallation {
  private constructor(private readonly folder: string) {
    process.on("exit", this.removeAtExit);
  }

  /** Becomes the installation: empty at first, holds `bin/pulumi` when filled. */
  get root(): string {
    return join(this.folder, "root");
  }

  /** For whatever else the source needs to write; never published. */
  get scratch(): string {
    return join(this.folder, "scratch");
  }

  static async create(finalRoot: string): Promise<PartialInstallation> {
    const partial = new PartialInstallation(newSibling(finalRoot));
    try {
      await mkdir(partial.root, { recursive: true });
      await mkdir(partial.scratch);
    } catch (error) {
      await partial.remove();
      throw error;
    }
    return partial;
  }

  /**
   * Puts the filled {@link root} in the place of `finalRoot`. Readers see all of it or nothing of it; of a defective
   * installation that it replaces, all or nothing too.
   */
  async publish(finalRoot: string): Promise<void> {
    try {
      await rename(this.root, finalRoot);
    } catch (error) {
      if (!isOccupied(error)) throw error;
      // a folder cannot be renamed over a filled one: the old one goes into this temporary folder first
      await rename(finalRoot, join(this.folder, "replaced"));
      await rename(this.root, finalRoot);
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, removal);
    process.off("exit", this.removeAtExit);
  }

  private readonly removeAtExit = (): void => rmSync(this.folder, removal);
}

/** A process that was just ended may still write for a moment, hence the retries. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/** Removes what killed runs have left beside `finalRoot`. Call it with the installation lock held. */
export async function removeLeftovers(finalRoot: string): Promise<void> {
  const folder = dirname(finalRoot);
  for (const name of await readdir(folder)) {
    const owner = ownerOf(finalRoot, name);
    if (owner === undefined) continue;
    const path = join(folder, name);
    if (owner !== process.pid && isAlive(owner) && (await ageOf(path)) < longestJob) continue;
    await rm(path, removal);
  }
}

function prefixOf(finalRoot: string): string {
  return `.${basename(finalRoot)}.partial-`;
}

function newSibling(finalRoot: string): string {
  return join(dirname(finalRoot), `${prefixOf(finalRoot)}${process.pid}-${randomBytes(4).toString("hex")}`);
}

function ownerOf(finalRoot: string, name: string): number | undefined {
  const prefix = prefixOf(finalRoot);
  const match = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length)) : null;
  return match === null ? undefined : Number(match[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function ageOf(path: string): Promise<number> {
  return Date.now() - (await stat(path)).mtimeMs;
}

function isOccupied(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return ["ENOTEMPTY", "EEXIST", "ENOTDIR", "EPERM", "EACCES"].includes(code);
}
