import { changesText } from "../runner/changes";
import { engineOutput, heldRun } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";

/** Deletes everything that the stack has made. */
export async function destroy(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const result = await heldRun(
      "Destroying the stack",
      options,
      engineOutput(sameSandbox(options), options.signal),
      (output) => stack.destroy(output),
    );
    process.stdout.write(`Destroyed the stack: ${changesText(result.summary.resourceChanges)}.\n`);
    return exitCode.ok;
  });
}
