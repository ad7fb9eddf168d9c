import { changesText, hasChanged } from "../runner/changes";
import { engineOutput, heldRun } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { policyOptions, type PolicyChoices } from "../runner/policyOptions";
import { invocation } from "../runner/project";
import { withSession, type SessionOptions } from "../runner/session";

/** Deploys the stack and says what to do next. */
export async function up(options: SessionOptions, choices: PolicyChoices = {}): Promise<number> {
  return withSession(options, async ({ stack, tenant }) => {
    const { result } = await heldRun("Deploying the stack", options, engineOutput(options.signal), (output) =>
      stack.up({ ...output, ...policyOptions(choices) }),
    );
    const { resourceChanges } = result.summary;
    const secret = Object.entries(await stack.outputs()).find((output) => output[1].secret)?.[0];
    process.stdout.write(
      [
        hasChanged(resourceChanges)
          ? `Deployed to the sandbox tenant ${tenant.url}: ${changesText(resourceChanges)}.`
          : "Nothing changed: the sandbox tenant is already as declared.",
        "What to do next:",
        ...(secret === undefined ? [] : [`  ${invocation} output ${secret} --show-secrets`]),
        `  ${invocation} portal --help`,
        `  ${invocation} drift`,
        `  ${invocation} destroy`,
        "",
      ].join("\n"),
    );
    return exitCode.ok;
  });
}
