import { spawn } from "node:child_process";
import { OperationError } from "../operationError";

/** A program that is run for its output, such as `az` and `gh`. */
export interface ToolRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell, so that no argument can become a command. */
export type RunTool = (program: string, args: readonly string[], input?: string) => Promise<ToolRun>;

/** A program is not installed. */
export class ToolMissing extends OperationError {}

/**
 * @param env the environment of the programs
 * @param signal ends a program when it fires
 */
export function toolRunner(env: NodeJS.ProcessEnv, signal?: AbortSignal): RunTool {
  return (program, args, input = "") =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        env,
        stdio: ["pipe", "pipe", "pipe"],
        ...(signal === undefined ? {} : { signal }),
      });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.on("error", (error: NodeJS.ErrnoException) => {
        reject(
          error.code === "ENOENT"
            ? new ToolMissing(`${program} is not installed.`, {
                cure: `Install ${program}, or put it on PATH.`,
              })
            : error,
        );
      });
      child.on("close", (code) => {
        resolve({ code: code ?? 1, stdout, stderr });
      });
      // A program that ends without reading says why by itself.
      child.stdin.on("error", () => undefined).end(input);
    });
}
