import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { findGo } from "./goCommand";
import { cliPackage } from "./goModule";
import { GoBuildProgress } from "./goBuildProgress";
import { startHeartbeat } from "./heartbeat";
import { executableOf } from "./installation";
import type { PartialInstallation } from "./partialInstallation";
import { pinnedVersion } from "./pinnedVersion";
import type { SearchContext } from "./searchContext";
import { runSupervised } from "./supervisedProcess";
import { SourceUnavailable } from "./toolchainError";

/**
 * Fills an installation with the CLI, built from Pulumi's published Go modules at the versions of go.mod and go.sum.
 * @param found how the message calls what was found before: `no` or `no usable`
 * @throws SourceUnavailable when there is no Go that is new enough, or the build fails
 */
export async function buildFromModules(
  partial: PartialInstallation,
  context: SearchContext,
  found: string,
): Promise<void> {
  const { progress, settings, signal } = context;
  const go = await findGo(partial.scratch, context);
  const version = `v${pinnedVersion.version}`;
  progress(
    `${found} Pulumi CLI found; building ${version} from its Go modules with ${go.version}, ` +
      `about 3 minutes on two cores (here: ${availableParallelism()})`,
  );
  const executable = executableOf(partial.root);
  await mkdir(dirname(executable));
  const state = new GoBuildProgress();
  const stopHeartbeat = startHeartbeat(
    progress,
    settings.heartbeat,
    (seconds) => `building the Pulumi CLI ${version}: ${seconds} s, ${state.describe()}`,
  );
  try {
    const code = await runSupervised({
      command: [
        go.path,
        "build",
        "-v",
        "-trimpath",
        "-tags",
        "osusergo,grpcnotrace",
        "-ldflags",
        `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`,
        "-o",
        executable,
        cliPackage,
      ],
      // Go's work files too: whatever a kill leaves behind is in one place
      env: { ...go.env, GOTMPDIR: partial.scratch },
      signal,
      onLine: (line) => state.add(line),
    });
    if (code !== 0) {
      throw new SourceUnavailable(`\`go build\` ended with exit code ${code}${state.failure.indented()}`);
    }
  } finally {
    stopHeartbeat();
  }
}
