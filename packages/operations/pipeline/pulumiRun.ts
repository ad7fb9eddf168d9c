import { spawn } from "node:child_process";
import { plainLines } from "dicom-service-client/model";
import { noPulumiCli } from "../project/pulumiCommandLine";

/** A run of the Pulumi CLI. */
export interface PulumiRun {
  readonly code: number;
  /** What it printed on both streams, in the order in which it came, without colours. Secrets in it are masked by Pulumi. */
  readonly output: string;
}

/** Where and how the CLI is run. */
export interface PulumiRunContext {
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Receives what is printed, in whole lines as they come, for the log of a job: in it nothing is a command. */
  readonly follow: (text: string) => void;
  /** Interrupts the CLI, which then ends what it has begun. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs the CLI to its end. A command that cannot be started rejects; one that fails tells by its code. */
export function runPulumi(
  args: readonly string[],
  { folder, env, follow, signal }: PulumiRunContext,
): Promise<PulumiRun> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: folder,
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      let line = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const end = text.lastIndexOf("\n") + 1;
        if (end > 0) follow(plainLines(line + text.slice(0, end)));
        line = (end > 0 ? "" : line) + text.slice(end);
      });
      stream.on("end", () => {
        if (line !== "") follow(`${plainLines(line)}\n`);
      });
    }
    const interrupt = (): void => void child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? noPulumiCli(error) : error);
    });
    child.on("close", (code) => {
      signal?.removeEventListener("abort", interrupt);
      resolve({ code: code ?? 1, output });
    });
  });
}
