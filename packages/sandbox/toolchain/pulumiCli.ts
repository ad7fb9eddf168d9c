import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { gte, type SemVer } from "semver";
import { executableName, executableOnPath, isExecutableFile } from "./executableOnPath";
import { install } from "./install";
import { minimumVersion, pinnedVersion } from "./pinnedVersion";
import { type Attempt, SourceUnavailable, ToolchainError } from "./toolchainError";

/** A Pulumi CLI that can be used. */
export interface PulumiCli {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Its version without the leading `v`. */
  readonly version: string;
  /** One line for the user: which CLI this is and where it came from. */
  readonly origin: string;
  /** The Automation API's handle on it, for `pulumiCommand` of a LocalWorkspace. */
  readonly command: PulumiCommand;
}

export interface FindOptions {
  /** Receives a line when something takes long or is worth knowing. Default: nobody is told. */
  readonly progress?: (line: string) => void;
  /** Environment to search and to build in. Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the search; what it has started is ended, what it has written is removed. */
  readonly signal?: AbortSignal;
  /** Whether Pulumi's download site may be asked. Default: true. */
  readonly download?: boolean;
  /** Whether a CLI that is not there may be downloaded or built. Default: true. */
  readonly install?: boolean;
  /** Whether a CLI on PATH counts only when it is of the pinned version, as in a pipeline. Default: false. */
  readonly pinned?: boolean;
  /** What a test replaces: the site that is probed, the installer, and the milliseconds between two progress lines. */
  readonly settings?: {
    readonly downloadOrigin?: string;
    readonly installer?: readonly string[];
    readonly heartbeat?: number;
  };
}

/** `<PULUMI_HOME or ~/.pulumi>/versions/<v>`, where Pulumi's own tools look for a CLI of that version too. */
export function installationRoot(env: NodeJS.ProcessEnv): string {
  const home = (process.platform === "win32" ? env["USERPROFILE"] : env["HOME"]) ?? homedir();
  return resolve(env["PULUMI_HOME"] || join(home, ".pulumi"), "versions", pinnedVersion.version);
}

/**
 * Finds the Pulumi CLI, or gets it: on PATH, if new enough; in Pulumi's versions folder; by Pulumi's official download;
 * by building it from its published Go modules. The last two put it into the versions folder, complete or not at all,
 * and once, however many runs want it at the same time.
 * @throws ToolchainError when there is no way to a CLI; the message names what was tried and what the user can do
 * @throws the signal's reason when that fires before a CLI is ready
 */
export async function ensurePulumiCli(options: FindOptions = {}): Promise<PulumiCli> {
  const { env = process.env, progress = () => undefined, pinned = false } = options;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const attempts: Attempt[] = [];
  const root = installationRoot(env);
  const executable = join(root, "bin", executableName("pulumi"));
  const onPath = await executableOnPath("pulumi", env);
  for (const [source, path, isFit, where] of [
    ["pulumi on PATH", onPath, pinned ? isPinned : isNewEnough, `from PATH (${onPath ?? ""})`],
    [executable, (await isExecutableFile(executable)) ? executable : undefined, isPinned, `from ${root}`],
  ] as const) {
    try {
      if (path !== undefined) return await cliAt(path, isFit, where);
      attempts.push({ source, reason: "nothing there" });
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      attempts.push({ source, reason: error.message });
      progress(`${source} is not used: ${error.message}`);
    }
  }
  if (options.install === false) throw new ToolchainError(attempts);

  const found = attempts.every(({ reason }) => reason === "nothing there") ? "no" : "no usable";
  try {
    const outcome = await install(
      root,
      {
        env,
        progress,
        signal,
        found,
        isDownloadAllowed: options.download ?? true,
        downloadOrigin: "https://get.pulumi.com",
        heartbeat: 10_000,
        ...options.settings,
      },
      (path) => cliAt(path, isPinned, ""),
    );
    if (typeof outcome === "string") return await cliAt(executable, isPinned, `${outcome}, in ${root}`);
    attempts.push(...outcome);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || signal.aborted) throw error;
    attempts.push({ source: `preparing ${root}`, reason: message });
  }
  throw new ToolchainError(attempts);
}

/** Why a version is not one to use; nothing when it is. */
type Fitness = (version: SemVer) => string | undefined;

const isPinned: Fitness = ({ version }) =>
  version === pinnedVersion.version ? undefined : `v${pinnedVersion.version} is pinned`;

const isNewEnough: Fitness = (version) =>
  version.major === minimumVersion.major && gte(version, minimumVersion)
    ? undefined
    : `v${minimumVersion.version} or newer of v${minimumVersion.major} is needed`;

/** Handles on the executables that are fit: each is started once by a process. */
const commands = new Map<string, PulumiCommand>();

/** @throws SourceUnavailable when the executable is broken, or is not of a version to use */
async function cliAt(path: string, isFit: Fitness, where: string): Promise<PulumiCli> {
  const command = commands.get(path) ?? (await start(path));
  const { version } = command;
  if (version === null)
    throw new SourceUnavailable(`${path} does not answer \`pulumi version\` with a version`);
  const misfit = isFit(version);
  if (misfit !== undefined) throw new SourceUnavailable(`${path} is v${version.version}; ${misfit}`);
  commands.set(path, command);
  return { path, version: version.version, command, origin: `Pulumi CLI v${version.version} ${where}` };
}

async function start(path: string): Promise<PulumiCommand> {
  const folder = dirname(path);
  // the Automation API knows an executable as `<root>/bin/pulumi` or by this process's PATH
  const root = basename(folder) === "bin" ? { root: dirname(folder) } : {};
  try {
    return await PulumiCommand.get({ ...root, skipVersionCheck: true });
  } catch (error) {
    const { stderr } =
      (error as { readonly commandResult?: { readonly stderr: string } }).commandResult ?? {};
    throw new SourceUnavailable(`${path} does not work: ${stderr?.split("\n")[0] ?? String(error)}`);
  }
}
