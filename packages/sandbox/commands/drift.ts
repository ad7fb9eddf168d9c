import type { EngineEvent, OpType, PreviewResult } from "@pulumi/pulumi/automation";
import { engineOutput, type EngineOutput, heldRun } from "../runner/engineOutput";
import { exitCode, exitCodeOf } from "../runner/exitCode";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";
import { deployedResources } from "../runner/stackResources";

/**
 * Asks both questions about drift: does the tenant differ from what was deployed, and would an update change anything?
 * Neither changes the state.
 *
 * @returns 0 when both answers are no, or nothing is deployed; 7 when one is yes.
 */
export async function drift(options: SessionOptions): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const output = withoutExpectation(engineOutput(sameSandbox(options)));
    const resources = deployedResources((await stack.exportStack()).deployment);
    if (!resources.some(({ custom }) => custom === true)) {
      output.onOutput(
        `Nothing is deployed, so there is no drift. \`${sameSandbox(options)} up\` deploys the stack.\n`,
      );
      return exitCode.ok;
    }
    const ask = async (
      question: string,
      answer: string,
      words: Words,
      preview: (output: EngineOutput) => Promise<PreviewResult>,
    ): Promise<boolean> => {
      if (options.verbose) output.onOutput(`${question}\n\n`);
      const differences = new Map<string, string>();
      const isDifferent = await heldRun("Looking for drift", options, output, (held) =>
        differs(() =>
          preview({
            ...held,
            onEvent: (event) => {
              held.onEvent?.(event);
              const line = differenceOf(event, words);
              if (line !== undefined) differences.set(line.urn, line.text);
            },
          }),
        ),
      );
      if (isDifferent && !options.verbose) {
        output.onOutput([answer, ...differences.values(), ""].join("\n"));
      }
      return isDifferent;
    };
    const live = await ask(
      "Does the tenant differ from what was deployed?",
      "The tenant differs from what was deployed:",
      liveWords,
      (held) => stack.previewRefresh({ ...held, expectNoChanges: true }),
    );
    const declared = await ask(
      "Would an update change anything?",
      "An update would make changes:",
      updateWords,
      (held) => stack.preview({ ...held, expectNoChanges: true }),
    );
    output.onOutput(
      live || declared
        ? `Drift found. \`${sameSandbox(options)} up\` ${live ? "puts it back" : "carries that out"}.\n`
        : "No drift.\n",
    );
    return live || declared ? exitCode.changes : exitCode.ok;
  });
}

/** Words for steps of the engine; those without one are no difference. */
type Words = Partial<Record<OpType, string>>;

const liveWords: Words = { update: "changed", delete: "gone" };

const updateWords: Words = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  import: "import",
};

/** What a step of the engine would do to a resource, in one line: `  changed imaging-gateway-application (displayName)`. */
function differenceOf(
  { resourcePreEvent, resOutputsEvent }: EngineEvent,
  words: Words,
): { readonly urn: string; readonly text: string } | undefined {
  const step = (resourcePreEvent ?? resOutputsEvent)?.metadata;
  const word = step === undefined ? undefined : words[step.op];
  if (step === undefined || word === undefined) return undefined;
  const { urn, diffs = [] } = step;
  const properties = diffs.length === 0 ? "" : ` (${diffs.join(", ")})`;
  return { urn, text: `  ${word} ${urn.slice(urn.lastIndexOf("::") + 2)}${properties}` };
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
