import { delimiter, dirname } from "node:path";
import { runOperation } from "../../operations/runOperation";
import { ensurePulumiCli } from "../../toolchain/pulumiCli";
import { withSession, type SessionOptions } from "../runner/session";
import { stackName } from "../runner/workspace";

/** Runs a day-2 operation on the sandbox's stack and tenant, as `npm run ops` does on others. */
export async function ops(options: SessionOptions, argv: readonly string[]): Promise<number> {
  const { folder, userEnvironment, interruption } = options;
  return withSession(options, false, async ({ environment }) => {
    // The sandbox has a Pulumi home of its own, in which there is no CLI.
    const cli = await ensurePulumiCli({ env: userEnvironment });
    const env = {
      ...userEnvironment,
      ...environment,
      PATH: [dirname(cli.path), userEnvironment["PATH"]].join(delimiter),
    };
    return runOperation([...argv, "--stack", stackName, "--cwd", folder.workspace], {
      stdout: process.stdout,
      stderr: process.stderr,
      env,
      cwd: process.cwd(),
      ...(interruption === undefined ? {} : { signal: interruption }),
    });
  });
}
