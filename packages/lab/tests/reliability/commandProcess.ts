import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { projectRoot } from "../../fixtures/repository";
import { connectTenant, type SandboxFolder, type Tenant } from "entra-sandbox";

/** Milliseconds between two looks at something that is waited for. */
const interval = 20;
/** How long a process may take to come up or to go away, in milliseconds, on a machine that is busy otherwise. */
const timeout = 120_000;

/** A command of the sandbox in a process of its own, with everything that it starts. */
export class CommandProcess {
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, "close");
  }

  /** Starts it as the first of a group of processes, so that all of them can be killed at once. */
  static start(folder: SandboxFolder, ...args: readonly string[]): CommandProcess {
    return new CommandProcess(
      spawn(
        process.execPath,
        [
          ...[require.resolve("entra-sandbox/bin/cli.js"), "--provider", "stand-in"],
          ...["--folder", folder.root, ...args],
        ],
        { cwd: projectRoot, detached: true, stdio: "ignore" },
      ),
    );
  }

  /** Ends this process alone, so that what it has started loses its parent. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Ends this process and all that it has started, at the same moment. */
  killAll(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch (error) {
      // They have all ended by themselves already.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  /** Resolves once it has ended, with all of its group. */
  async exited(): Promise<void> {
    await this.ended;
    await until(() => processes().every(({ group }) => group !== this.pid));
  }

  private get pid(): number {
    if (this.child.pid === undefined) throw new Error("the command could not be started");
    return this.child.pid;
  }
}

/** Kills the Pulumi CLI that this process has at work. */
export function killEngine(): void {
  const engines = processes().filter(({ parent, name }) => parent === process.pid && name === "pulumi");
  for (const { pid } of engines) process.kill(pid, "SIGKILL");
}

/** Waits until a tenant is served on a folder. */
export async function servedTenant(folder: SandboxFolder): Promise<Tenant> {
  let tenant: Tenant | undefined;
  await until(async () => (tenant = await connectTenant(folder.tenant)) !== undefined);
  if (tenant === undefined) throw new Error("the tenant does not come up");
  return tenant;
}

/** Waits until something is so. @throws Error when it takes too long. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + timeout; !(await isSo());) {
    if (Date.now() > deadline) throw new Error("what was waited for has not come about");
    await delay(interval);
  }
}

interface RunningProcess {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly group: number;
}

/** The processes of this machine, as Linux shows them; those that have ended and wait for their parent are left out. */
function processes(): RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      const [, name = "", state, parent, group] = /^\d+ \((.*)\) (\S) (\d+) (\d+) /s.exec(stat) ?? [];
      return state === undefined || state === "Z"
        ? []
        : [{ pid: Number(pid), name, parent: Number(parent), group: Number(group) }];
    });
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
