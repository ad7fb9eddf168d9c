import type { Writable } from "node:stream";
import { RunResponse, type RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { type ChildProcesses, endOrCancel } from "./childProcesses";
import { locateModule } from "./locateModule";
import { optionVariables, readRuntimeOptions } from "./runtimeOptions";

/** The exit code by which the SDK says that the user has been told what is wrong. */
const alreadyReported = 32;

/** What a program is run with. */
export interface ProgramContext {
  /** Address of the engine's own service, as `host:port`. */
  readonly engine: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly children: ChildProcesses;
  /** Where the program's own output goes. */
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/**
 * Runs a stack's program in a Node.js process of its own, until it ends or is cancelled.
 *
 * @param cancelled fires when the engine does not want the result any more.
 * @returns how it ended. A failure of the program is an answer, not an exception.
 */
export async function runProgram(
  request: RunRequest,
  context: ProgramContext,
  cancelled: AbortSignal,
): Promise<RunResponse> {
  const response = new RunResponse();
  try {
    const code = await runToEnd(request, context, cancelled);
    if (code === alreadyReported) {
      response.setBail(true);
    } else if (code !== 0) {
      response.setError(`Program exited with non-zero exit code: ${code}`);
    }
  } catch (error) {
    response.setError(error instanceof Error ? error.message : String(error));
  }
  return response;
}

async function runToEnd(
  request: RunRequest,
  { engine, environment, children, stdout, stderr }: ProgramContext,
  cancelled: AbortSignal,
): Promise<number> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = readRuntimeOptions(info?.getOptions());
  const run = locateModule("@pulumi/pulumi/cmd/run", directory, "pulumi install");
  const flags: Readonly<Record<string, string>> = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
  };
  const child = children.start(
    "node",
    [
      ...options.nodeArguments,
      run,
      ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() ?? request.getProgram(),
      ...request.getArgsList(),
    ],
    {
      environment: {
        ...environment,
        ...optionVariables(options),
        PULUMI_CONFIG: JSON.stringify(oldStyleKeys(request.getConfigMap().getEntryList())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  // The streams belong to the host and stay open for the next program.
  child.stdout.pipe(stdout, { end: false });
  child.stderr.pipe(stderr, { end: false });
  try {
    return await endOrCancel(child, cancelled, "interrupt");
  } catch (error) {
    throw new Error(
      `Problem executing program (could not run language executor): ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** The SDK still reads keys as `<namespace>:config:<name>`. */
function oldStyleKeys(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const [namespace = "", ...rest] = key.split(":");
      return [`${namespace}:config:${rest.at(-1) ?? ""}`, value];
    }),
  );
}
