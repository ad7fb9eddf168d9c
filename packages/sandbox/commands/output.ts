import { exitCode } from "../runner/exitCode";
import { SandboxError } from "../runner/sandboxError";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";
import { suggestion } from "../suggestion";

/** How outputs are shown. */
export interface OutputChoices {
  /** Show the values of secrets instead of `[secret]`. */
  readonly showSecrets?: boolean;
  /** Always write JSON, also for a single text. */
  readonly json?: boolean;
}

/** Writes one output of the stack, or all of them as JSON, to stdout. */
export async function output(
  options: SessionOptions,
  name: string | undefined,
  choices: OutputChoices,
): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const outputs = Object.fromEntries(
      Object.entries(await stack.outputs()).map(([key, { value, secret }]): [string, unknown] => [
        key,
        secret && !choices.showSecrets ? "[secret]" : value,
      ]),
    );
    if (name !== undefined && !Object.hasOwn(outputs, name)) {
      const known = Object.keys(outputs);
      throw new SandboxError(
        known.length === 0
          ? `The stack has no outputs yet; run ${sameSandbox(options)} up first.`
          : `There is no output ${JSON.stringify(name)}; there are ${known.join(", ")}.${suggestion(name, known)}`,
      );
    }
    const shown = name === undefined ? outputs : outputs[name];
    process.stdout.write(
      typeof shown === "string" && !choices.json ? `${shown}\n` : `${JSON.stringify(shown, undefined, 2)}\n`,
    );
    return exitCode.ok;
  });
}
