import { spawn } from "node:child_process";
import { constants } from "node:os";
import { SandboxError } from "../runner/sandboxError";
import { withSession, type SessionOptions } from "../runner/session";
import { stackName } from "../runner/project";

/**
 * Runs a command with the environment of the sandbox: a Pulumi CLI, and whatever signs in to Entra or Azure, then works on the
 * sandbox's stack and tenant. The Pulumi CLI is run in the sandbox's copy of the project: there the stack is selected and configured,
 * and what the CLI writes into a stack file does not get into the user's.
 *
 * @returns the command's own exit code.
 * @throws SandboxError when it cannot be started.
 */
export async function exec(options: SessionOptions, command: readonly string[]): Promise<number> {
  const [file = "", ...args] = command;
  const cwd = file === "pulumi" ? options.folder.workspace : process.cwd();
  return withSession(options, ({ environment }) =>
    runToEnd(file, args, cwd, { ...options.userEnvironment, ...environment }),
  );
}

/** Runs a command of the project's own, such as `ops`, with the words of its package.json. */
export async function projectCommand(
  options: SessionOptions,
  words: readonly string[],
  argv: readonly string[],
): Promise<number> {
  const { project, folder, config } = options;
  const places: Readonly<Record<string, readonly string[]>> = {
    "{arguments}": argv,
    "{workspace}": [folder.workspace],
    "{stack}": [stackName],
    "{stackFile}": [config ?? project.stackFile],
  };
  return exec(
    options,
    words.flatMap((word) => places[word] ?? [word]),
  );
}

function runToEnd(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches it by itself, as it belongs to the same group of processes.
    const child = spawn(file, [...args], { cwd, env, stdio: "inherit" });
    child.on("error", ({ message }) => reject(new SandboxError(`${file} cannot be started: ${message}`)));
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
