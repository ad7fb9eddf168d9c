import { spawn } from "node:child_process";
import { projectRoot } from "../fixtures/repository";

/** A preview to run in a process of its own, as Pulumi's language host starts a program. */
export interface PreviewJob {
  readonly stackName: string;
  readonly projectName: string;
  readonly workDir: string;
  /** What the Pulumi CLI is run with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Module that is the program; absent for an empty program. */
  readonly programModule?: string;
}

/**
 * Runs a preview.
 *
 * @returns milliseconds from the start of the process to its end, without what `pulumi preview` does not need.
 * @throws Error with what the process printed when it fails.
 */
export function runPreview(job: PreviewJob, path: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [require.resolve("./previewOnce"), JSON.stringify(job)], {
      cwd: projectRoot,
      env: { ...process.env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [preparation, output] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (preparation += data.toString("utf8")));
    child.stderr.on("data", (data: Buffer) => (output += data.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(performance.now() - began - Number(preparation)) : reject(new Error(output)),
    );
  });
}
