import type { EngineEvent } from "@pulumi/pulumi/automation";
import { stackName } from "./project";
import { colours } from "./terminal";

/** How a run of the engine reports. */
export interface EngineOutput {
  readonly color: "always" | "never";
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent?: (event: EngineEvent) => void;
  /** Lets an interruption reach the engine, which then finishes what it is doing and stops. */
  readonly signal?: AbortSignal;
}

/** What decides how much is written of a run of the engine. */
export interface EngineReporting {
  /** Whether everything is written, as it comes. Default: false. */
  readonly verbose?: boolean;
  /** Is told how far something has come; nothing takes that off the terminal again. Default: nobody is told. */
  readonly progress?: (line: string | undefined) => void;
}

/**
 * Passes Pulumi's progress and results on to this process's own streams.
 *
 * @param sandbox how users call the sandbox: the commands that a program advises are to be pasted outside of it.
 */
export function engineOutput(sandbox: string, signal?: AbortSignal): EngineOutput {
  return {
    ...(signal === undefined ? {} : { signal }),
    color: colours(process.stdout, process.env) ? "always" : "never",
    onOutput: (text) => process.stdout.write(throughSandbox(text, sandbox)),
    onError: (text) => process.stderr.write(throughSandbox(text, sandbox)),
  };
}

/** Writes the Pulumi commands for the sandbox's stack, a line each, so that they find it. */
export function throughSandbox(text: string, sandbox: string): string {
  return text.replace(ownCommand, (_, indent: string) => `${indent}${sandbox} exec -- pulumi `);
}

const ownCommand = new RegExp(String.raw`^( +(?:# )?)pulumi (?=.* --stack ${stackName}\b)`, "gm");

/**
 * Runs the engine and holds back what it writes, but for warnings: all of it is written when the run fails. When everything is asked
 * for, nothing is held back.
 *
 * @param doing what is being done, for the progress.
 */
export async function heldRun<Result>(
  doing: string,
  { verbose = false, progress = () => undefined }: EngineReporting,
  output: EngineOutput,
  run: (output: EngineOutput) => Promise<Result>,
): Promise<Result> {
  if (verbose) return run(output);
  const held: (() => void)[] = [];
  const warnings: string[] = [];
  // Not counted one by one: a resource that is refreshed and then updated ends twice.
  const finished = new Set<string>();
  progress(doing);
  try {
    const result = await run({
      ...output,
      onOutput: (text) => void held.push(() => output.onOutput(text)),
      onError: (text) => void held.push(() => output.onError(text)),
      onEvent: ({ resOutputsEvent, diagnosticEvent, policyEvent }) => {
        if (resOutputsEvent !== undefined) {
          finished.add(resOutputsEvent.metadata.urn);
          progress(`${doing}: ${finished.size} ${finished.size === 1 ? "resource" : "resources"}`);
        }
        if (diagnosticEvent?.severity === "warning" && diagnosticEvent.ephemeral !== true) {
          warnings.push(diagnosticEvent.message);
        }
        if (policyEvent !== undefined) warnings.push(`${policyEvent.policyName}: ${policyEvent.message}`);
      },
    });
    progress(undefined);
    for (const warning of new Set(warnings)) {
      output.onError(`warning: ${warning.replace(/<\{%.*?%\}>/g, "").trim()}\n`);
    }
    return result;
  } catch (error) {
    progress(undefined);
    held.forEach((write) => write());
    throw error;
  }
}
