import { spawn } from "node:child_process";

/** Milliseconds that processes get to end by themselves before they are killed. */
export const grace = 5_000;

/** Whether children can lead a process group of their own. On Windows the process tree is ended instead (not tested). */
export const hasProcessGroups = process.platform !== "win32";

/**
 * Signals a process and everything it has started.
 * @param leader id of the process that leads the group
 */
export function signalGroup(leader: number, signal: "SIGINT" | "SIGKILL"): void {
  if (!hasProcessGroups) {
    spawn("taskkill", ["/T", "/F", "/PID", String(leader)], { stdio: "ignore" }).on("error", () => undefined);
    return;
  }
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // nobody is left to signal; macOS says EPERM of a group that has ended but was not waited for yet
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
