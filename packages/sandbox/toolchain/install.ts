import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { buildFromModules } from "./goBuild";
import { executableOf, verifyInstallation } from "./installation";
import { lockInstallation } from "./installationLock";
import { downloadRelease } from "./officialDownload";
import { PartialInstallation, removeLeftovers } from "./partialInstallation";
import type { SearchContext } from "./searchContext";
import { type Attempt, SourceUnavailable, ToolchainError } from "./toolchainError";

/** A way to fill an installation. */
export interface InstallSource {
  readonly name: string;
  /** How the CLI came into the installation, for the user. */
  readonly done: string;
  fill(partial: PartialInstallation, context: SearchContext, found: string): Promise<void>;
}

export const officialDownload: InstallSource = {
  name: "official download",
  done: "just downloaded",
  fill: downloadRelease,
};

export const goBuild: InstallSource = {
  name: "build from Go modules",
  done: "just built from its Go modules",
  fill: buildFromModules,
};

export type InstallOutcome =
  | { readonly installed: true; readonly how: string }
  | { readonly installed: false; readonly attempts: readonly Attempt[] };

/** So often a run starts over after another one took its lock; only a machine that sleeps again and again gets there. */
const rounds = 3;

/**
 * Fills an installation from the first source that can, unless another run has done so meanwhile.
 * @param found how messages call what was found before: `no` or `no usable`
 */
export async function install(
  root: string,
  sources: readonly InstallSource[],
  context: SearchContext,
  found: string,
): Promise<InstallOutcome> {
  await mkdir(dirname(root), { recursive: true });
  for (let round = 1; round <= rounds; round += 1) {
    const lock = await lockInstallation(root, context);
    try {
      return await installLocked(
        root,
        sources,
        {
          ...context,
          signal: AbortSignal.any([context.signal, lock.lost]),
        },
        found,
      );
    } catch (error) {
      if (!lock.lost.aborted || context.signal.aborted) throw error;
      context.progress("another run has taken over preparing the Pulumi CLI");
    } finally {
      await lock.release();
    }
  }
  throw new ToolchainError(`Other runs kept taking over the installation in ${root}. Run this again.`);
}

async function installLocked(
  root: string,
  sources: readonly InstallSource[],
  context: SearchContext,
  found: string,
): Promise<InstallOutcome> {
  if (await isInstalled(root, context)) return { installed: true, how: "prepared by another run" };
  await removeLeftovers(root);
  const attempts: Attempt[] = [];
  for (const source of sources) {
    const partial = await PartialInstallation.create(root);
    try {
      await source.fill(partial, context, found);
      await verifyInstallation(partial.root, context);
      context.signal.throwIfAborted();
      await partial.publish(root);
      context.progress(`Pulumi CLI ready: ${executableOf(root)}`);
      return { installed: true, how: source.done };
    } catch (error) {
      if (!(error instanceof SourceUnavailable) || context.signal.aborted) throw error;
      attempts.push({ source: source.name, reason: error.message });
    } finally {
      await partial.remove();
    }
  }
  return { installed: false, attempts };
}

async function isInstalled(root: string, context: SearchContext): Promise<boolean> {
  try {
    await verifyInstallation(root, context);
    return true;
  } catch (error) {
    if (error instanceof SourceUnavailable) return false;
    throw error;
  }
}
