import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** How long a process may take to end by itself once it has been interrupted, as with the real host. */
const killTimeout = 5000;

/** Where and with what a process runs. */
export interface ChildSettings {
  readonly environment: NodeJS.ProcessEnv;
  /** Default: the working directory of this process. */
  readonly directory?: string;
}

/** A process at work for the engine. */
export interface Child {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * Settles once the process has ended and everything that it has printed has been read.
   *
   * @returns its exit code, or -1 when a signal ended it.
   * @throws when it could not be started.
   */
  readonly ended: Promise<number>;
  /** Asks it to end, and ends it when it does not. */
  interrupt(): void;
  /** Ends it at once. */
  kill(): void;
}

/** Takes what a process prints, for the engine. */
export interface ProcessOutput {
  readonly stdout: (data: Buffer) => void;
  readonly stderr: (data: Buffer) => void;
}

/** Waits until a process has ended; asks it to, or ends it at once, when its work is or was cancelled. */
export async function endOrCancel(
  child: Child,
  cancelled: AbortSignal,
  end: "interrupt" | "kill",
): Promise<number> {
  const cancel = (): void => child[end]();
  cancelled.addEventListener("abort", cancel);
  if (cancelled.aborted) cancel();
  try {
    return await child.ended;
  } finally {
    cancelled.removeEventListener("abort", cancel);
  }
}

/** The processes of a language host, kept so that none of them outlives it. */
export class ChildProcesses {
  private readonly running = new Set<Child>();

  /** Starts a process, which reads nothing and prints into pipes. */
  start(command: string, args: readonly string[], settings: ChildSettings): Child {
    const started = spawn(command, args, {
      env: settings.environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(settings.directory === undefined ? {} : { cwd: settings.directory }),
    });
    const child: Child = {
      stdout: started.stdout,
      stderr: started.stderr,
      ended: endOf(started),
      interrupt: () => {
        started.kill("SIGINT");
        const killer = setTimeout(() => started.kill("SIGKILL"), killTimeout);
        started.once("exit", () => clearTimeout(killer));
      },
      kill: () => started.kill("SIGKILL"),
    };
    this.running.add(child);
    const forget = (): void => void this.running.delete(child);
    child.ended.then(forget, forget);
    return child;
  }

  /** Asks every process to end and waits until all have. */
  async endAll(): Promise<void> {
    const children = [...this.running];
    for (const child of children) {
      child.interrupt();
    }
    await Promise.allSettled(children.map(({ ended }) => ended));
  }
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
}
