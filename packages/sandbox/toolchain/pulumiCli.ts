import { type InstallSource, goBuild, install, officialDownload } from "./install";
import { executableOf, installationRoot, verifyInstallation } from "./installation";
import { interruptible } from "./interruption";
import { noPulumiCli } from "./noPulumiCli";
import { pinnedVersion } from "./pinnedVersion";
import { pulumiOnPath } from "./pulumiOnPath";
import type { SearchContext } from "./searchContext";
import { type ToolchainSettings, defaultSettings } from "./settings";
import { type Attempt, SourceMissing, SourceUnavailable } from "./toolchainError";

export { ToolchainError, ToolchainInterruptedError } from "./toolchainError";

/** A Pulumi CLI that can be used. */
export interface PulumiCli {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Its version without the leading `v`. */
  readonly version: string;
  /** The installation folder, when the executable is `<root>/bin/pulumi`. */
  readonly root?: string;
  /** One line for the user: which CLI this is and where it came from. */
  readonly origin: string;
}

export interface FindOptions {
  /** Receives a line when something takes long or is worth knowing. Default: nobody is told. */
  readonly progress?: (line: string) => void;
  /** Environment to search and to run programs in. Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the search; what it has started is ended, what it has written is removed. */
  readonly signal?: AbortSignal;
  /** Whether Pulumi's download site may be asked. Default: true. */
  readonly download?: boolean;
  /** Whether a CLI that is not there may be downloaded or built. Default: true. */
  readonly install?: boolean;
  /** Whether a CLI on PATH counts only when it is of the pinned version, as in a pipeline. Default: false. */
  readonly pinned?: boolean;
  /** Deviations from {@link defaultSettings}. */
  readonly settings?: Partial<ToolchainSettings>;
}

/**
 * Finds the Pulumi CLI, or gets it: on PATH, if new enough; in Pulumi's versions folder; by Pulumi's official download;
 * by building it from its published Go modules. The last two put it into the versions folder, complete or not at all,
 * and once, however many runs want it at the same time. While they are at work SIGINT, SIGTERM and SIGHUP do not end
 * the process but this call.
 * @throws ToolchainError when there is no way to a CLI; the message names what was tried and what the user can do
 * @throws ToolchainInterruptedError when `signal` fired, or the process was told to end, before a CLI was ready
 */
export async function ensurePulumiCli(options: FindOptions = {}): Promise<PulumiCli> {
  return interruptible(options.signal, (signal) =>
    search(
      {
        env: options.env ?? process.env,
        progress: options.progress ?? (() => undefined),
        settings: { ...defaultSettings, ...options.settings },
        signal,
      },
      options.install === false ? [] : options.download === false ? [goBuild] : [officialDownload, goBuild],
      options.pinned === true,
    ),
  );
}

async function search(
  context: SearchContext,
  sources: readonly InstallSource[],
  pinned: boolean,
): Promise<PulumiCli> {
  const { env, progress } = context;
  const attempts: Attempt[] = [];
  let found = "no";
  try {
    const cli = await pulumiOnPath(context);
    if (!pinned || cli.version === pinnedVersion.version) return cli;
    throw new SourceUnavailable(`${cli.path} is v${cli.version}; v${pinnedVersion.version} is pinned`);
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    attempts.push({ source: "pulumi on PATH", reason: error.message });
    if (!(error instanceof SourceMissing)) {
      found = "no usable";
      progress(`pulumi on PATH is not used: ${error.message}`);
    }
  }

  const root = installationRoot(env);
  try {
    await verifyInstallation(root, context);
    return installed(root, `from ${root}`);
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    attempts.push({ source: executableOf(root), reason: error.message });
    if (!(error instanceof SourceMissing)) {
      found = "no usable";
      progress(`${executableOf(root)} is not used: ${error.message}`);
    }
  }

  if (sources.length === 0) {
    throw noPulumiCli(attempts);
  }
  try {
    const outcome = await install(root, sources, context, found);
    if (outcome.installed) return installed(root, `${outcome.how}, in ${root}`);
    attempts.push(...outcome.attempts);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || context.signal.aborted) throw error;
    attempts.push({ source: `preparing ${root}`, reason: message });
  }
  throw noPulumiCli(attempts);
}

function installed(root: string, where: string): PulumiCli {
  const version = pinnedVersion.version;
  return { path: executableOf(root), version, root, origin: `Pulumi CLI v${version} ${where}` };
}
