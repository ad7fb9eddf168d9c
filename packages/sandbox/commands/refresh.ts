import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { withSession, type SessionOptions } from "../runner/session";

/**
 * Takes over into the stack's state what the live tenant says, and forgets creations whose end is not known because the engine was
 * killed: what they have made is found by the next update, which says how to go on.
 */
export async function refresh(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    await stack.refresh({ ...engineOutput(options.signal), clearPendingCreates: true });
    return exitCode.ok;
  });
}
