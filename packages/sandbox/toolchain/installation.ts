import { readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type ExecutableMeasures, measure } from "./executableMeasures";
import { executableName } from "./executableOnPath";
import { pinnedVersion } from "./pinnedVersion";
import { BrokenExecutable, reportedVersion } from "./reportedVersion";
import type { SearchContext } from "./searchContext";
import { SourceMissing, SourceUnavailable } from "./toolchainError";

/** `<PULUMI_HOME or ~/.pulumi>/versions/<v>`, where Pulumi's own tools look for a CLI of that version too. */
export function installationRoot(env: NodeJS.ProcessEnv): string {
  const home = (process.platform === "win32" ? env["USERPROFILE"] : env["HOME"]) ?? homedir();
  return resolve(env["PULUMI_HOME"] || join(home, ".pulumi"), "versions", pinnedVersion.version);
}

/** `<root>/bin/pulumi`. */
export function executableOf(root: string): string {
  return join(root, "bin", executableName("pulumi"));
}

/**
 * Says that the executable of these measures has answered with the pinned version, so that it need not be started
 * again (0.15 s) before each use. Any other size or modification time makes the record void.
 */
const Verification = z.object({
  version: z.literal(pinnedVersion.version),
  size: z.number(),
  modified: z.number(),
});

function recordOf(root: string): string {
  return join(root, ".verified.json");
}

/**
 * Makes sure that the installation in `root` holds a CLI of the pinned version.
 * @throws SourceMissing when it holds none
 * @throws SourceUnavailable when that is broken or of another version
 */
export async function verifyInstallation(
  root: string,
  context: Pick<SearchContext, "env" | "signal">,
): Promise<void> {
  const path = executableOf(root);
  const measures = await measure(path);
  if (measures === undefined) throw new SourceMissing("nothing there");
  if (await isRecorded(root, measures)) return;
  try {
    const version = await reportedVersion(path, context.env, context.signal);
    if (version.version !== pinnedVersion.version) {
      throw new SourceUnavailable(`it reports v${version.version} instead of v${pinnedVersion.version}`);
    }
  } catch (error) {
    if (error instanceof BrokenExecutable) throw new SourceUnavailable(error.message);
    throw error;
  }
  // a folder that cannot be written costs a start of the CLI the next time, nothing else
  await writeFile(
    recordOf(root),
    JSON.stringify({ version: pinnedVersion.version, ...measures } satisfies z.infer<typeof Verification>),
  ).catch(() => undefined);
}

async function isRecorded(root: string, measures: ExecutableMeasures): Promise<boolean> {
  try {
    const record = Verification.parse(JSON.parse(await readFile(recordOf(root), "utf8")));
    return record.size === measures.size && record.modified === measures.modified;
  } catch {
    return false;
  }
}
