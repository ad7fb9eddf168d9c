import { runOperation } from "../../operations/runOperation";
import { withSession, type SessionOptions } from "../runner/session";
import { stackName } from "../runner/workspace";

/** Runs a day-2 operation on the sandbox's stack and tenant, as `npm run ops` does on others. */
export async function ops(options: SessionOptions, argv: readonly string[]): Promise<number> {
  return withSession(options, false, async ({ environment }) =>
    runOperation([...argv, "--stack", stackName, "--cwd", options.folder.workspace], {
      stdout: process.stdout,
      stderr: process.stderr,
      env: { ...options.userEnvironment, ...environment },
      cwd: process.cwd(),
    }),
  );
}
