import { Command } from "commander";
import { ToolchainInterruptedError, ensurePulumiCli } from "./pulumiCli";
import { minimumVersion, pinnedVersion } from "./pinnedVersion";
import { ToolchainError } from "./toolchainError";

interface CliOptions {
  readonly download: boolean;
  readonly pinned?: boolean;
}

async function run({ download, pinned = false }: CliOptions): Promise<void> {
  const cli = await ensurePulumiCli({
    download,
    pinned,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stderr.write(`${cli.origin}\n`);
  process.stdout.write(`${cli.path}\n`);
}

function fail(error: unknown): void {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  // ends the way the signal ends any program, so that the shell sees what happened
  if (error instanceof ToolchainInterruptedError && error.interruptedBy !== undefined) {
    process.removeAllListeners(error.interruptedBy);
    process.kill(process.pid, error.interruptedBy);
  }
}

new Command("toolchain")
  .description(
    `Prints the path of a Pulumi CLI. Looks on PATH (v${minimumVersion.version} or newer) and in Pulumi's versions folder; ` +
      `failing that, downloads v${pinnedVersion.version} or builds it from its Go modules into that folder.\n\n` +
      "The path goes to standard output, progress to standard error. Exit code 0: there is a CLI; 1: there is none.",
  )
  .option("--no-download", "never ask Pulumi's download site")
  .option("--pinned", `take a CLI on PATH only when it is v${pinnedVersion.version}, as pipelines want it`)
  .action(run)
  .parseAsync()
  .catch(fail);
