import { join } from "node:path";
import { runOperation } from "../../operations/runOperation";
import { ensurePulumiCli } from "../toolchain/pulumiCli";
import { startLanguageHost } from "../languageHost/languageHost";
import { chooseLanguageHost } from "../runner/languageHosts";
import { projectRoot } from "../runner/projectRoot";
import { withSession, type SessionOptions } from "../runner/session";
import { stackFileName, stackName } from "../runner/workspace";

/** Runs a day-2 operation on the sandbox's stack and tenant, as `npm run ops` does on others. */
export async function ops(options: SessionOptions, argv: readonly string[]): Promise<number> {
  const { folder, userEnvironment, interruption, config } = options;
  return withSession(options, false, ({ environment }) =>
    withLanguageHost({ ...userEnvironment, ...environment }, (env) =>
      runOperation([...argv, "--stack", stackName, "--cwd", folder.workspace], {
        stdout: process.stdout,
        stderr: process.stderr,
        env,
        cwd: process.cwd(),
        stackFile: config ?? join(projectRoot, stackFileName),
        ...(interruption === undefined ? {} : { signal: interruption }),
      }),
    ),
  );
}

/** Lets operations that run the program do so where the CLI has no language host: serves the stand-in for it. */
async function withLanguageHost<T>(
  environment: NodeJS.ProcessEnv,
  use: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const cli = await ensurePulumiCli({ env: environment, progress: () => undefined });
  if ((await chooseLanguageHost(cli, environment)).kind === "real") return use(environment);
  // What a program prints is not a result of the operation.
  const host = await startLanguageHost({ environment, stdout: process.stderr });
  try {
    return await use({ ...environment, PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}` });
  } finally {
    await host.stop();
  }
}
