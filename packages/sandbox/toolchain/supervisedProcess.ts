import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { compiledScript } from "../packageRoot";
import { goModuleFolder } from "./goModule";
import { grace, hasProcessGroups, signalGroup } from "./processGroup";

export interface SupervisedProcess {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program and everything it has started. */
  readonly signal: AbortSignal;
  /** Receives each line of standard output and standard error. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs a program to its end and returns its exit code. It, and everything it has started, is ended when the signal
 * fires, when this process exits, and, by way of the supervisor in between, when this process is killed.
 * @throws the signal's reason, once all of them have ended
 */
export async function runSupervised(job: SupervisedProcess): Promise<number> {
  job.signal.throwIfAborted();
  const child = spawn(process.execPath, [compiledScript("toolchain", "supervisor.js"), ...job.command], {
    // where Go finds the module
    cwd: goModuleFolder,
    env: job.env,
    detached: hasProcessGroups,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const leader = child.pid;
  const send = (signal: "SIGINT" | "SIGKILL"): void => {
    if (leader !== undefined) signalGroup(leader, signal);
  };
  const kill = (): void => send("SIGKILL");
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    // go removes its own temporary files on an interrupt
    send("SIGINT");
    killer = setTimeout(kill, grace);
  };
  // before the listener that removes the files these processes write
  process.prependListener("exit", kill);
  job.signal.addEventListener("abort", end, { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on("line", job.onLine);
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode) => resolve(exitCode ?? 1));
    });
    if (job.signal.aborted) {
      // whoever has closed its output but not ended
      kill();
      throw job.signal.reason as Error;
    }
    return code;
  } finally {
    clearTimeout(killer);
    job.signal.removeEventListener("abort", end);
    process.off("exit", kill);
  }
}
