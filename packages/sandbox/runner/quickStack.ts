import type { DestroyOptions, OpMap, RefreshOptions, Stack, UpOptions } from "@pulumi/pulumi/automation";
import { SandboxError } from "./sandboxError";

/** What a command of the engine has done. */
export interface EngineResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: {
    /** How many resources, by what was done to them. */
    readonly resourceChanges: OpMap;
  };
}

/** A stack whose commands report no outputs: ask for them with `outputs()`. */
export interface QuickStack extends Omit<Stack, "up" | "refresh" | "destroy"> {
  up(options?: UpOptions): Promise<EngineResult>;
  refresh(options?: RefreshOptions): Promise<EngineResult>;
  destroy(options?: DestroyOptions): Promise<EngineResult>;
}

/**
 * Takes the result of a command from the events of the engine. The Automation API runs the CLI up to three times more for it, to read
 * outputs and history, which takes about as long as a small update (https://github.com/pulumi/pulumi/issues/6253): `outputs` and `info` are
 * overridden for that here, and nowhere else.
 */
export function quickStack(stack: Stack): QuickStack {
  const withoutReport = Object.create(stack, {
    outputs: { value: () => Promise.resolve({}) },
    info: { value: () => Promise.resolve(undefined) },
  }) as Stack;
  const commands: Pick<QuickStack, "up" | "refresh" | "destroy"> = {
    up: async (options) => assertDeclared(await counted((all) => withoutReport.up(all), options)),
    refresh: (options) => counted((all) => withoutReport.refresh(all), options),
    destroy: (options) => counted((all) => withoutReport.destroy(all), options),
  };
  return Object.assign(Object.create(stack) as Stack, commands);
}

async function counted<O extends Pick<UpOptions, "onEvent">>(
  run: (options: O) => Promise<{ readonly stdout: string; readonly stderr: string }>,
  options = {} as O,
): Promise<EngineResult> {
  let resourceChanges: OpMap = {};
  const onEvent: UpOptions["onEvent"] = (event) => {
    resourceChanges = event.summaryEvent?.resourceChanges ?? resourceChanges;
    options.onEvent?.(event);
  };
  const { stdout, stderr } = await run({ ...options, onEvent });
  return { stdout, stderr, summary: { resourceChanges } };
}

/**
 * A program that cannot reach the engine ends without an error: the SDK takes that for the engine's end, and the engine takes what it
 * has heard, which is nothing, for all that is declared.
 */
function assertDeclared(result: EngineResult): EngineResult {
  const { delete: _deleted, ...declared } = result.summary.resourceChanges;
  if (Object.keys(declared).length > 0) return result;
  throw new SandboxError(
    "The program could not reach the engine, so nothing was declared. Run the command again.",
  );
}
