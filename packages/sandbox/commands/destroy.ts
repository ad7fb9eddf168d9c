import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { withSession, type SessionOptions } from "../runner/session";

/** Deletes everything that the stack has made. */
export async function destroy(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    await stack.destroy(engineOutput(options.signal));
    return exitCode.ok;
  });
}
