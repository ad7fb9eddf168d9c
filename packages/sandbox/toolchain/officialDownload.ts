import { startHeartbeat } from "./heartbeat";
import { OutputTail } from "./outputTail";
import type { PartialInstallation } from "./partialInstallation";
import { pinnedVersion } from "./pinnedVersion";
import type { SearchContext } from "./searchContext";
import { runSupervised } from "./supervisedProcess";
import { SourceUnavailable } from "./toolchainError";
import { compiledScript } from "../packageRoot";

/**
 * Fills an installation with Pulumi's official release of the pinned version.
 * @param found how the message calls what was found before: `no` or `no usable`
 * @throws SourceUnavailable when the download site cannot be reached within three seconds, or the installer fails
 */
export async function downloadRelease(
  partial: PartialInstallation,
  context: SearchContext,
  found: string,
): Promise<void> {
  const { progress, settings, env } = context;
  const origin = settings.downloadOrigin;
  const version = `v${pinnedVersion.version}`;
  const outOfReach = new AbortController();
  const tail = new OutputTail();
  let stopHeartbeat: (() => void) | undefined;
  try {
    const [program, ...args] = settings.installer ?? [
      process.execPath,
      compiledScript("toolchain", "officialInstaller.js"),
    ];
    if (program === undefined) throw new SourceUnavailable("no installer is set");
    const code = await runSupervised({
      command: [program, ...args, partial.root, pinnedVersion.version, origin],
      // lets Node's fetch use HTTPS_PROXY and NO_PROXY as curl does (Node 22.21 and 24.5 or newer)
      // and keeps the installer's own temporary files where a kill leaves them to the next run
      env: { NODE_USE_ENV_PROXY: "1", ...env, TMPDIR: partial.scratch },
      signal: AbortSignal.any([context.signal, outOfReach.signal]),
      onLine: (line) => {
        if (line.startsWith("unreachable: ")) {
          // not left to end by itself: a name look-up that hangs would hold its exit up
          outOfReach.abort(
            new SourceUnavailable(`${origin} cannot be reached (${line.slice("unreachable: ".length)})`),
          );
        } else if (line === "reachable") {
          progress(`${found} Pulumi CLI found; downloading ${version} from ${origin}`);
          stopHeartbeat = startHeartbeat(
            progress,
            settings.heartbeat,
            (seconds) => `downloading the Pulumi CLI ${version}: ${seconds} s`,
          );
        } else {
          tail.add(line);
        }
      },
    });
    if (code !== 0)
      throw new SourceUnavailable(`the installer ended with exit code ${code}${tail.indented()}`);
  } finally {
    stopHeartbeat?.();
  }
}
