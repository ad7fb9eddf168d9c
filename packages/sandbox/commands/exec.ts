import { execFile, spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { exitCode } from "../runner/exitCode";
import { SandboxError } from "../runner/sandboxError";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";
import { programFolders, stackName } from "../runner/project";

/**
 * Runs a command with the environment of the sandbox: a Pulumi CLI, and whatever signs in to Entra or Azure, then works on the
 * sandbox's stack and tenant. The Pulumi CLI is run in the sandbox's copy of the project: there the stack is selected and configured,
 * and what the CLI writes into a stack file does not get into the user's.
 *
 * @param more variables for the command alone.
 * @returns the command's own exit code.
 * @throws SandboxError when it cannot be started.
 */
export async function exec(
  options: SessionOptions,
  command: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [file = "", ...args] = command;
  const cwd = file === "pulumi" ? options.folder.workspace : process.cwd();
  return withSession(options, ({ environment }) =>
    // Not the user's environment: an identity or a stack of theirs in it would be taken for the command's.
    runToEnd(file, args, cwd, { ...process.env, ...environment, ...more }),
  );
}

/**
 * Runs a command of the project's own, such as `ops`, with the words of its package.json. Where they have the command check its
 * arguments, that comes first: what it has to say of them, such as a usage error or its help, takes the place of the command, and
 * nothing is started for it.
 */
export async function projectCommand(
  options: SessionOptions,
  words: readonly string[],
  argv: readonly string[],
): Promise<number> {
  const { project, folder, config, userEnvironment } = options;
  const places: ReadonlyMap<string, readonly string[]> = new Map([
    ["{arguments}", argv],
    ["{workspace}", [folder.workspace]],
    ["{stack}", [stackName]],
    ["{stackFile}", [config ?? project.stackFile]],
  ]);
  const command = (isCheck: boolean): readonly string[] =>
    words.flatMap((word) => {
      const [, checking] = checkWord.exec(word) ?? [];
      return checking === undefined ? (places.get(word) ?? [word]) : isCheck ? [checking] : [];
    });
  if (words.some((word) => checkWord.test(word))) {
    const [file = "", ...args] = command(true);
    const path = [...programFolders(project), userEnvironment["PATH"] ?? ""].join(delimiter);
    const { code, stdout, stderr } = await collect(file, args, { ...userEnvironment, PATH: path });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    if (code !== exitCode.ok || stdout !== "" || stderr !== "") return code;
  }
  // For the commands that it prints.
  return exec(options, command(false), { ENTRA_SANDBOX_COMMAND: sameSandbox(options) });
}

/** The option with which a command only checks its arguments, such as `{check:--usage-only}`; left out when it is run. */
const checkWord = /^\{check:(.+)\}$/;

function collect(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { env }, (error, stdout, stderr) => {
      if (typeof error?.code === "string") reject(cannotStart(file, error));
      else resolve({ code: error === null ? exitCode.ok : (error.code ?? exitCode.failed), stdout, stderr });
    });
  });
}

function cannotStart(file: string, { message }: Error): SandboxError {
  return new SandboxError(`${file} cannot be started: ${message}`);
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
    child.on("error", (error) => reject(cannotStart(file, error)));
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
