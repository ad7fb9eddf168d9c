import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { policyOptions, type PolicyChoice } from "../runner/policyPack";
import { withSession, type SessionOptions } from "../runner/session";

/** What a preview may be asked for. */
export interface PreviewChoices {
  /** End with exit code 7 when anything would change. */
  readonly expectNoChanges?: boolean;
  /** Show changes property by property. */
  readonly diff?: boolean;
  /** Let the policy pack judge it. */
  readonly policy?: PolicyChoice;
}

/** Shows what `up` would change, after looking at the live tenant. */
export async function preview(options: SessionOptions, choices: PreviewChoices): Promise<number> {
  return withSession(options, true, async ({ stack }) => {
    await stack.preview({
      ...engineOutput(),
      ...policyOptions(choices.policy),
      expectNoChanges: choices.expectNoChanges ?? false,
      diff: choices.diff ?? false,
    });
    return exitCode.ok;
  });
}
