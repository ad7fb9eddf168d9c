import { mkdir } from "node:fs/promises";
import { compiledScript } from "../packageRoot";
import type { InstallContext } from "./installContext";
import { pinnedVersion } from "./pinnedVersion";
import { failureOf, runProcess } from "./runProcess";
import { SourceUnavailable } from "./toolchainError";

/**
 * Fills a folder with Pulumi's official release of the pinned version.
 * @throws SourceUnavailable when the download site cannot be reached within three seconds, or the installer fails
 */
export async function download(
  { root, scratch }: { readonly root: string; readonly scratch: string },
  { env, signal, progress, found, downloadOrigin, installer }: InstallContext,
): Promise<void> {
  await mkdir(scratch, { recursive: true });
  const unreachable = new AbortController();
  const output: string[] = [];
  const [command = process.execPath, ...args] = installer ?? [
    process.execPath,
    compiledScript("toolchain", "officialInstaller.js"),
  ];
  const code = await runProcess({
    command,
    args: [...args, root, pinnedVersion.version, downloadOrigin],
    // lets Node's fetch use HTTPS_PROXY and NO_PROXY as curl does (Node 22.21 and 24.5 or newer)
    // and keeps the installer's own temporary files where the next run removes them
    env: { NODE_USE_ENV_PROXY: "1", ...env, TMPDIR: scratch },
    signal: AbortSignal.any([signal, unreachable.signal]),
    onLine: (line) => {
      const [, reason] = /^unreachable: (.*)$/.exec(line) ?? [];
      if (reason !== undefined) {
        // not left to end by itself: a name look-up that hangs would hold its exit up
        unreachable.abort(new SourceUnavailable(`${downloadOrigin} cannot be reached (${reason})`));
      } else if (line === "reachable") {
        progress(`${found} Pulumi CLI found; downloading v${pinnedVersion.version} from ${downloadOrigin}`);
      } else if (line.trim() !== "") {
        output.push(line);
      }
    },
  });
  if (code !== 0) {
    throw new SourceUnavailable(failureOf("the installer", code, output));
  }
}
