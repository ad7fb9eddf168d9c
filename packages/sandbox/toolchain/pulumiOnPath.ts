import { basename, dirname } from "node:path";
import { gte } from "semver";
import { executableName, executableOnPath } from "./executableOnPath";
import { minimumVersion } from "./pinnedVersion";
import type { PulumiCli } from "./pulumiCli";
import { BrokenExecutable, reportedVersion } from "./reportedVersion";
import type { SearchContext } from "./searchContext";
import { SourceMissing, SourceUnavailable } from "./toolchainError";

/**
 * The CLI that the user has installed.
 * @throws SourceMissing when there is none
 * @throws SourceUnavailable when it is too old, of another major version, or broken
 */
export async function pulumiOnPath(context: SearchContext): Promise<PulumiCli> {
  const path = await executableOnPath("pulumi", context.env);
  if (path === undefined) throw new SourceMissing("nothing there");
  try {
    const version = await reportedVersion(path, context.env, context.signal);
    if (version.major !== minimumVersion.major || !gte(version, minimumVersion)) {
      throw new SourceUnavailable(
        `${path} is v${version.version}; v${minimumVersion.version} or newer of v${minimumVersion.major} is needed`,
      );
    }
    const root = rootOf(path);
    return {
      path,
      version: version.version,
      ...(root === undefined ? {} : { root }),
      origin: `Pulumi CLI v${version.version} from PATH (${path})`,
    };
  } catch (error) {
    if (error instanceof BrokenExecutable) throw new SourceUnavailable(`${path} is broken: ${error.message}`);
    throw error;
  }
}

/** The installation folder of `<root>/bin/pulumi`, the only layout the Automation API knows. */
function rootOf(path: string): string | undefined {
  const folder = dirname(path);
  return basename(folder) === "bin" && basename(path) === executableName("pulumi")
    ? dirname(folder)
    : undefined;
}
