import "./compileCache";
import { ToolchainError } from "./toolchain/toolchainError";
import { commandLine, type SandboxIo } from "./commandLine";
import { explainDamage } from "./runner/damage";
import { diskProblem } from "./runner/diskProblem";
import { exitCode, exitCodeOf } from "./runner/exitCode";
import { listenForInterruption } from "./runner/interruption";
import { LiveLine } from "./runner/liveLine";
import { findProject } from "./runner/project";
import { SandboxError } from "./runner/sandboxError";
import { clearUserSettings, reachedDirectly } from "./runner/userSettings";
import { TenantError } from "./tenant/core/tenantError";

const userEnvironment = { ...process.env };
clearUserSettings(process.env);
Object.assign(process.env, reachedDirectly(userEnvironment));
const interruption = listenForInterruption();

// A reader that has gone away (`… | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const live = new LiveLine(process.stderr);
void commandLine({ ...openProject(), userEnvironment, interruption, note, progress, finish }).parseAsync();

function openProject(): Pick<SandboxIo, "project" | "withoutProject"> {
  try {
    return { project: findProject(process.cwd()) };
  } catch (error) {
    return { withoutProject: error };
  }
}

async function finish(work: () => Promise<number>): Promise<void> {
  try {
    const code = await work();
    process.exitCode = interruption.own.aborted && code !== exitCode.ok ? exitCode.interrupted : code;
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (interruption.own.aborted) {
    note("Interrupted.");
    return exitCode.interrupted;
  }
  const damage = explainDamage(error);
  if (damage !== undefined) {
    note(damage);
    return exitCode.failed;
  }
  const ofEngine = exitCodeOf(error);
  if (ofEngine !== undefined) {
    // The engine has already said what is wrong.
    return ofEngine === exitCode.changes ? exitCode.changes : exitCode.failed;
  }
  const ofDisk = diskProblem(error);
  if (ofDisk !== undefined) {
    note(ofDisk);
    return exitCode.failed;
  }
  const isUsersProblem = [SandboxError, ToolchainError, TenantError].some((kind) => error instanceof kind);
  note(isUsersProblem && error instanceof Error ? error.message : unexpected(error));
  return exitCode.failed;
}

function unexpected(error: unknown): string {
  return `Unexpected error, a bug in the sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function progress(line: string | undefined): void {
  if (line === undefined) live.clear();
  else live.show(line);
}

function note(line: string): void {
  live.clear();
  process.stderr.write(`${line}\n`);
}
