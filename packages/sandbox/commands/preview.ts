import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { policyOptions, type PolicyChoices } from "../runner/policyOptions";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";

/** What a preview may be asked for. */
export interface PreviewChoices extends PolicyChoices {
  /** End with exit code 7 when anything would change. */
  readonly expectNoChanges?: boolean;
  /** Show changes property by property. */
  readonly diff?: boolean;
}

/** Shows what `up` would change, after looking at the live tenant. */
export async function preview(options: SessionOptions, choices: PreviewChoices): Promise<number> {
  return withSession(options, async ({ stack }) => {
    await stack.preview({
      ...engineOutput(sameSandbox(options)),
      ...policyOptions(choices),
      expectNoChanges: choices.expectNoChanges ?? false,
      diff: choices.diff ?? false,
    });
    return exitCode.ok;
  });
}
