import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a step's script has left behind. */
export interface ShellRun {
  readonly code: number;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/**
 * Runs a step's script as a runner does: written to a file, with the system's arguments for bash, in the checkout's folder.
 *
 * @param shell arguments of bash before the file
 * @param env the whole environment
 */
export async function runStepScript(
  script: string,
  shell: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<ShellRun> {
  const scratch = await mkdtemp(join(tmpdir(), "step-"));
  try {
    const file = join(scratch, "step.sh");
    await writeFile(file, script);
    return await new Promise((resolve, reject) => {
      const child = spawn("bash", [...shell, file], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => (output += text));
      }
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code: code ?? 1, output });
      });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
