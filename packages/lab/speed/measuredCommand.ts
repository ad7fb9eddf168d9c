import { spawn } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** What one run of the Pulumi CLI took. */
export interface CommandMeasurement {
  /** From the start of the CLI to its end, in milliseconds. */
  readonly milliseconds: number;
  /** Time of the processor that the program's own process took, in milliseconds; 0 when no program ran. */
  readonly programCpuMilliseconds: number;
  /** Greatest resident memory of the program's own process, in MiB; 0 when no program ran. */
  readonly programMebibytes: number;
  /** Greatest resident memory of the engine (the CLI's process), in MiB; 0 where the system does not tell (all but Linux). */
  readonly engineMebibytes: number;
  /** Requests to Microsoft Graph and to Azure Resource Manager, by the tenant's log. */
  readonly requests: number;
}

/** Where and with what the CLI is run. */
export interface MeasuredContext {
  /** The folder with Pulumi.yaml. */
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  /** The tenant's request log. */
  readonly log: string;
}

/** What {@link memoryReporter} leaves behind. */
interface ProgramUsage {
  readonly kibibytes: number;
  readonly microseconds: number;
}

/** Module that leaves the program's memory behind at its end, in the file that BENCH_MEMORY_FILE names. */
export const memoryReporter = require.resolve("./reportMemory");

/**
 * Runs the Pulumi CLI with arguments, such as `["preview", "--stack", "dev"]`, as a user runs it.
 *
 * @throws Error with all that it printed when it fails.
 */
export async function measureCommand(
  args: readonly string[],
  { project, env, log }: MeasuredContext,
): Promise<CommandMeasurement> {
  const usage = join(project, "program-usage.json");
  rmSync(usage, { force: true });
  const logged = statSync(log).size;
  const began = performance.now();
  const engineMebibytes = await runToEnd(args, project, { ...env, BENCH_MEMORY_FILE: usage });
  const milliseconds = performance.now() - began;
  return {
    milliseconds,
    ...readUsage(usage),
    engineMebibytes,
    requests: await countRequests(log, logged),
  };
}

/** @returns the greatest resident memory of the process in MiB, watched while it runs. */
function runToEnd(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", ["--non-interactive", ...args], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let kibibytes = 0;
    const watch = setInterval(() => (kibibytes = highWaterMark(child.pid) ?? kibibytes), 100);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      if (code === 0) {
        resolve(kibibytes / 1024);
      } else {
        reject(new Error(`pulumi ${args.join(" ")} ended with ${String(code)}:\n${output}`));
      }
    });
  });
}

function highWaterMark(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid ?? ""}/status`, "utf8");
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes);
  } catch {
    return undefined;
  }
}

function readUsage(file: string): Pick<CommandMeasurement, "programCpuMilliseconds" | "programMebibytes"> {
  try {
    const { kibibytes, microseconds } = JSON.parse(readFileSync(file, "utf8")) as ProgramUsage;
    return { programCpuMilliseconds: microseconds / 1000, programMebibytes: kibibytes / 1024 };
  } catch {
    return { programCpuMilliseconds: 0, programMebibytes: 0 };
  }
}

/** Requests that were logged behind a position of the log. */
async function countRequests(log: string, from: number): Promise<number> {
  const file = await open(log);
  try {
    let count = 0;
    for await (const line of file.readLines({ start: from })) {
      count += /"operation":"(graph|arm)\./.test(line) ? 1 : 0;
    }
    return count;
  } finally {
    await file.close();
  }
}
