import type { PreviewResult } from "@pulumi/pulumi/automation";
import { isMapping } from "../mapping";
import { engineOutput, type EngineOutput, heldRun } from "../runner/engineOutput";
import { exitCode, exitCodeOf } from "../runner/exitCode";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";

/**
 * Asks both questions about drift: does the tenant differ from what was deployed, and would an update change anything?
 * Neither changes the state.
 *
 * @returns 0 when both answers are no, or nothing is deployed; 7 when one is yes.
 */
export async function drift(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const output = withoutExpectation(engineOutput());
    if (!hasResources((await stack.exportStack()).deployment)) {
      output.onOutput(
        `Nothing is deployed, so there is no drift. \`${sameSandbox(options)} up\` deploys the stack.\n`,
      );
      return exitCode.ok;
    }
    const ask = async (
      question: string,
      preview: (output: EngineOutput) => Promise<PreviewResult>,
    ): Promise<boolean> => {
      if (options.verbose) output.onOutput(`${question}\n\n`);
      const { result: isDifferent, writeAll } = await heldRun("Looking for drift", options, output, (held) =>
        differs(() => preview(held)),
      );
      if (isDifferent && !options.verbose) output.onOutput(`${question}\n\n`);
      if (isDifferent) writeAll();
      return isDifferent;
    };
    const live = await ask("Does the tenant differ from what was deployed?", (held) =>
      stack.previewRefresh({ ...held, expectNoChanges: true }),
    );
    const declared = await ask("Would an update change anything?", (held) =>
      stack.preview({ ...held, expectNoChanges: true }),
    );
    output.onOutput(
      live || declared
        ? `Drift found: ${[...(live ? ["the tenant differs from what was deployed"] : []), ...(declared ? ["an update would change it"] : [])].join(", and ")}. \`${sameSandbox(options)} up\` ${live ? "puts it back" : "carries that out"}.\n`
        : "No drift.\n",
    );
    return live || declared ? exitCode.changes : exitCode.ok;
  });
}

function hasResources(deployment: unknown): boolean {
  const resources: unknown = isMapping(deployment) ? deployment["resources"] : undefined;
  return (
    Array.isArray(resources) &&
    resources.some((resource: unknown) => isMapping(resource) && resource["custom"] === true)
  );
}

/** The engine calls it an error that there are changes, which is what was asked. */
function withoutExpectation(output: EngineOutput): EngineOutput {
  return {
    ...output,
    onError: (text) => {
      const rest = text.replace(/^error: no changes were expected.*\n?/gm, "");
      if (rest !== "") output.onError(rest);
    },
  };
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
