/**
 * Runs the program named by its arguments and ends it, with everything it has started, when the process that asked for
 * it is gone: a killed `npm start` must not leave a compiler at work. Started by supervisedProcess.ts.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { grace, hasProcessGroups, signalGroup } from "./processGroup";

function main(): void {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) throw new Error("usage: supervisor <program> [argument …]");

  // the group is signalled as a whole; this process stays to pass on how the program ended
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);

  const child = spawn(program, args, { stdio: "inherit" });
  child.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));

  process.on("disconnect", () => {
    const target = hasProcessGroups ? process.pid : child.pid;
    if (target === undefined) return;
    signalGroup(target, "SIGINT");
    setTimeout(() => signalGroup(target, "SIGKILL"), grace);
  });
}

main();
