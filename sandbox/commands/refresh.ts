import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { withSession, type SessionOptions } from "../runner/session";

/** Takes over into the stack's state what the live tenant says. */
export async function refresh(options: SessionOptions): Promise<number> {
  return withSession(options, false, async ({ stack }) => {
    await stack.refresh(engineOutput(options.signal));
    return exitCode.ok;
  });
}
