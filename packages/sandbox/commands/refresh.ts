import { changesText } from "../runner/changes";
import { engineOutput, heldRun } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";

/**
 * Takes over into the stack's state what the live tenant says, and forgets creations whose end is not known because the engine was
 * killed: what they have made is found by the next update, which says how to go on.
 */
export async function refresh(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const result = await heldRun(
      "Refreshing the stack",
      options,
      engineOutput(sameSandbox(options), options.signal),
      (output) => stack.refresh({ ...output, clearPendingCreates: true }),
    );
    process.stdout.write(`Refreshed the stack's state: ${changesText(result.summary.resourceChanges)}.\n`);
    return exitCode.ok;
  });
}
