import { changesText, hasChanged } from "../runner/changes";
import { engineOutput, heldRun } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { policyOptions, type PolicyChoices } from "../runner/policyOptions";
import { sameSandbox, withSession, type SessionOptions } from "../runner/session";

/** Deploys the stack and says what to do next. */
export async function up(options: SessionOptions, choices: PolicyChoices = {}): Promise<number> {
  return withSession(options, async ({ stack, tenant }) => {
    const result = await heldRun(
      "Deploying the stack",
      options,
      engineOutput(sameSandbox(options), options.signal),
      (output) => stack.up({ ...output, ...policyOptions(choices) }),
    );
    const { resourceChanges } = result.summary;
    const same = sameSandbox(options);
    const outputs = Object.entries(await stack.outputs());
    const secret = outputs.find(([, { secret, value }]) => secret && holdsText(value))?.[0];
    process.stdout.write(
      [
        hasChanged(resourceChanges)
          ? `Deployed to the sandbox tenant ${tenant.url}: ${changesText(resourceChanges)}.`
          : "Nothing changed: the sandbox tenant is already as declared.",
        "What to do next:",
        ...(secret === undefined
          ? outputs.slice(0, 1).map(() => `  ${same} output`)
          : [`  ${same} output ${secret} --show-secrets`]),
        `  ${same} portal --help`,
        `  ${same} drift`,
        `  ${same} destroy`,
        "",
      ].join("\n"),
    );
    return exitCode.ok;
  });
}

/** Whether there is something to see in an output: a stack whose clients have no secret still has one for them, without any. */
function holdsText(value: unknown): boolean {
  return value !== null && typeof value === "object"
    ? Object.values(value).some(holdsText)
    : typeof value === "string" && value !== "";
}
