import { Command } from "commander";
import { minimumVersion, pinnedVersion } from "./pinnedVersion";
import { ensurePulumiCli } from "./pulumiCli";
import { ToolchainError } from "./toolchainError";

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => interruption.abort());

interface CliOptions {
  readonly download: boolean;
  readonly pinned?: boolean;
}

async function run({ download, pinned = false }: CliOptions): Promise<void> {
  const { signal } = interruption;
  const cli = await ensurePulumiCli({ download, pinned, signal, progress: note });
  note(cli.origin);
  process.stdout.write(`${cli.path}\n`);
}

function fail(error: unknown): void {
  if (interruption.signal.aborted) {
    note("Interrupted. Nothing half-written was left behind; the next run starts over.");
    process.exitCode = 130;
  } else if (error instanceof ToolchainError) {
    note(error.message);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

new Command("toolchain")
  .description(
    `Prints the path of a Pulumi CLI. Looks on PATH (v${minimumVersion.version} or newer) and in Pulumi's versions folder; ` +
      `failing that, downloads v${pinnedVersion.version} or builds it from its Go modules into that folder.\n\n` +
      "The path goes to standard output, progress to standard error. Exit codes: 0 there is a CLI, 1 there is none, 130 interrupted.",
  )
  .option("--no-download", "never ask Pulumi's download site")
  .option("--pinned", `take a CLI on PATH only when it is v${pinnedVersion.version}, as pipelines want it`)
  .action(run)
  .parseAsync()
  .catch(fail);
