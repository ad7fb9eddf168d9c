import { runOperation } from "../../operations/runOperation";
import { withSession, type SessionOptions } from "../runner/session";
import { stackName } from "../runner/workspace";

/** Runs a day-2 operation on the sandbox's stack and tenant, as `npm run ops` does on others. */
export async function ops(options: SessionOptions, argv: readonly string[]): Promise<number> {
  const { folder, userEnvironment, interruption } = options;
  return withSession(options, false, async ({ environment }) =>
    runOperation([...argv, "--stack", stackName, "--cwd", folder.workspace], {
      stdout: process.stdout,
      stderr: process.stderr,
      env: { ...userEnvironment, ...environment },
      cwd: process.cwd(),
      ...(interruption === undefined ? {} : { signal: interruption }),
    }),
  );
}
