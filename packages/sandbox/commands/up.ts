import { engineOutput } from "../runner/engineOutput";
import { exitCode } from "../runner/exitCode";
import { policyOptions, type PolicyChoice } from "../runner/policyPack";
import { withSession, type SessionOptions } from "../runner/session";

/** What an update may be asked for. */
export interface UpChoices {
  /** Let the policy pack judge it. */
  readonly policy?: PolicyChoice;
}

/** Deploys the stack and says what to do next. */
export async function up(options: SessionOptions, choices: UpChoices = {}): Promise<number> {
  return withSession(options, true, async ({ stack }) => {
    const { summary } = await stack.up({ ...engineOutput(options.signal), ...policyOptions(choices.policy) });
    const changed = Object.entries(summary.resourceChanges ?? {}).some(
      ([kind, count]) => kind !== "same" && count > 0,
    );
    process.stdout.write(
      [
        ...(changed ? [] : ["Nothing changed: the sandbox tenant already is as declared.", ""]),
        "What to do next:",
        "  npm run sandbox -- output clientSecret --show-secrets   shows the secret's value",
        "  npm run sandbox -- portal rename imaging-gateway Renamed, then npm run sandbox -- drift   shows drift being found",
        "  edit Pulumi.sandbox.yaml and run npm start again, or remove everything with npm run sandbox -- destroy",
        "",
      ].join("\n"),
    );
    return exitCode.ok;
  });
}
