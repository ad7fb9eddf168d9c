import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { policyOptions, type PolicyChoices } from "../runner/policyOptions";
import { withSession, type SessionOptions } from "../runner/session";

/** Deploys the stack and says what to do next. */
export async function up(options: SessionOptions, choices: PolicyChoices = {}): Promise<number> {
  return withSession(options, async ({ stack }) => {
    const { summary } = await stack.up({ ...engineOutput(options.signal), ...policyOptions(choices) });
    const changed = Object.entries(summary.resourceChanges ?? {}).some(
      ([kind, count]) => kind !== "same" && count > 0,
    );
    const secret = Object.entries(await stack.outputs()).find((output) => output[1].secret)?.[0];
    const call = options.project.invocation;
    process.stdout.write(
      [
        ...(changed ? [] : ["Nothing changed: the sandbox tenant is already as declared.", ""]),
        "What to do next:",
        ...(secret === undefined ? [] : [`  ${call} output ${secret} --show-secrets`]),
        `  ${call} portal --help`,
        `  ${call} drift`,
        `  ${call} destroy`,
        "",
      ].join("\n"),
    );
    return exitCode.ok;
  });
}
