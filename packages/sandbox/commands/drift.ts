import type { PreviewResult } from "@pulumi/pulumi/automation";
import { engineOutput } from "../runner/engineOutput";
import { exitCode, exitCodeOf } from "../runner/exitCode";
import { withSession, type SessionOptions } from "../runner/session";

/**
 * Asks both questions about drift: does the tenant differ from what was deployed, and would an update change anything?
 * Neither changes the state.
 *
 * @returns 0 when both answers are no, 7 when one is yes.
 */
export async function drift(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const output = engineOutput();
    output.onOutput("Does the tenant differ from what was deployed?\n\n");
    const live = await differs(() => stack.previewRefresh({ ...output, expectNoChanges: true }));
    output.onOutput("\nWould an update change anything?\n\n");
    const declared = await differs(() => stack.preview({ ...output, expectNoChanges: true }));
    output.onOutput(
      live || declared
        ? `\nDrift found: ${[...(live ? ["the tenant differs from what was deployed"] : []), ...(declared ? ["an update would change it"] : [])].join(", and ")}. \`${options.project.invocation} up\` puts it back.\n`
        : "\nNo drift.\n",
    );
    return live || declared ? exitCode.changes : exitCode.ok;
  });
}

async function differs(ask: () => Promise<PreviewResult>): Promise<boolean> {
  try {
    await ask();
    return false;
  } catch (error) {
    if (exitCodeOf(error) === exitCode.changes) {
      return true;
    }
    throw error;
  }
}
