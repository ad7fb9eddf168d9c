import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Why a program failed: its exit code and the last lines that it has printed. */
export function failureOf(program: string, code: number, lines: readonly string[]): string {
  const last = lines.slice(-12).map((line) => `\n      ${line}`);
  return `${program} ended with exit code ${code}${last.length === 0 ? "" : ":"}${last.join("")}`;
}

export interface ProgramRun {
  readonly command: string;
  readonly args: readonly string[];
  /** Default: this process's own. */
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Interrupts the program, as does the end of this process. */
  readonly signal: AbortSignal;
  /** Receives each line of standard output and standard error. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs a program to its end and returns its exit code.
 * @throws the signal's reason when it has fired, once the program has ended
 */
export async function runProcess({ command, args, signal, onLine, ...options }: ProgramRun): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const interrupt = (): void => {
    child.kill("SIGINT");
  };
  process.on("exit", interrupt);
  signal.addEventListener("abort", interrupt);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 1));
    });
  } finally {
    process.off("exit", interrupt);
    signal.removeEventListener("abort", interrupt);
    signal.throwIfAborted();
  }
}
