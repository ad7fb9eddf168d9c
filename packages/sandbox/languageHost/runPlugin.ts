import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";
import { type Child, type ChildProcesses, endOrCancel, type ProcessOutput } from "./childProcesses";
import { locateModule } from "./locateModule";
import { PolicyProxy } from "./policyProxy";
import { optionVariables, readRuntimeOptions, type RuntimeOptions } from "./runtimeOptions";

/** What a plugin is started from. */
interface PluginProgram {
  readonly directory: string;
  readonly options: RuntimeOptions;
  readonly environment: NodeJS.ProcessEnv;
}

/** The kind of plugin that a policy pack is. */
const analyzer = "analyzer";

/**
 * Runs a plugin that is a Node.js program, such as a component package or a policy pack, until it ends or is cancelled.
 *
 * @throws an Error in the real host's words when it cannot be started or fails.
 */
export async function runPlugin(
  request: RunPluginRequest,
  children: ChildProcesses,
  output: ProcessOutput,
  cancelled: AbortSignal,
): Promise<void> {
  const info = request.getInfo();
  const options = readRuntimeOptions(info?.getOptions());
  const program: PluginProgram = {
    directory: info?.getProgramDirectory() ?? request.getPwd(),
    options,
    environment: { ...variables(request.getEnvList()), ...optionVariables(options) },
  };
  const run = request.getKind() === analyzer ? runPolicyPack : runPackage;
  const code = await run(request, program, children, output, cancelled);
  if (code !== 0 && !cancelled.aborted) {
    throw new Error(`Program exited with non-zero exit code: ${code}`);
  }
}

async function runPackage(
  request: RunPluginRequest,
  { directory, options, environment }: PluginProgram,
  children: ChildProcesses,
  output: ProcessOutput,
  cancelled: AbortSignal,
): Promise<number> {
  const run = locateModule("@pulumi/pulumi/cmd/run-plugin", directory, `npm install in ${directory}`);
  const child = children.start("node", [run, ...options.nodeArguments, directory, ...request.getArgsList()], {
    directory: request.getPwd(),
    environment,
  });
  return runToEnd(child, output, cancelled);
}

/** A pack runs in its own folder, which is also its last argument, and learns of the stack from its environment. */
async function runPolicyPack(
  request: RunPluginRequest,
  { directory, options, environment }: PluginProgram,
  children: ChildProcesses,
  output: ProcessOutput,
  cancelled: AbortSignal,
): Promise<number> {
  const run = locateModule("@pulumi/pulumi/cmd/run-policy-pack", directory, `npm install in ${directory}`);
  const proxy = await PolicyProxy.start();
  const stop = (): void => void proxy.stop();
  cancelled.addEventListener("abort", stop);
  try {
    output.stdout(Buffer.from(`${proxy.port}\n`));
    const stack = await proxy.configuration;
    if (cancelled.aborted) {
      return 0;
    }
    const child = children.start(
      "node",
      [run, ...options.nodeArguments, ...request.getArgsList(), directory],
      {
        directory,
        environment: {
          ...environment,
          ...(stack === undefined
            ? {}
            : {
                PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
                PULUMI_NODEJS_PROJECT: stack.getProject(),
                PULUMI_NODEJS_STACK: stack.getStack(),
                PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
                PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().getEntryList())),
              }),
        },
      },
    );
    const stdout = afterFirstLine((line) => void proxy.attach(Number(line)), output.stdout);
    return await runToEnd(child, { ...output, stdout }, cancelled);
  } finally {
    cancelled.removeEventListener("abort", stop);
    await proxy.stop();
  }
}

async function runToEnd(child: Child, output: ProcessOutput, cancelled: AbortSignal): Promise<number> {
  child.stdout.on("data", output.stdout);
  child.stderr.on("data", output.stderr);
  try {
    return await endOrCancel(child, cancelled, "kill");
  } catch (error) {
    throw new Error(
      `Problem executing plugin program (could not run language executor): ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** Keeps the first line, with which a plugin says its port, from the others. */
function afterFirstLine(
  first: (line: string) => void,
  others: (data: Buffer) => void,
): (data: Buffer) => void {
  let line: Buffer | undefined = Buffer.alloc(0);
  return (data) => {
    if (line === undefined) {
      others(data);
      return;
    }
    line = Buffer.concat([line, data]);
    const end = line.indexOf("\n");
    if (end >= 0) {
      const rest = line.subarray(end + 1);
      first(line.subarray(0, end).toString("utf8"));
      line = undefined;
      if (rest.length > 0) {
        others(rest);
      }
    }
  };
}

/** `NAME=value` pairs as an environment; the last one of a name counts. */
function variables(pairs: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=", 1);
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
