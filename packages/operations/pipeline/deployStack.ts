import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { PipelineContext } from "./pipelineContext";
import { rotationTargets } from "./plannedChange";
import { policyOptions } from "./policyPack";
import { runPulumi } from "./pulumiRun";

/**
 * Deploys the stack and proves that its clients work.
 *
 * @param rotationOnly limits the update to what a rotation changes: the secrets, and the key vault's copy of the current one. Drift and
 *   configuration that is not deployed yet stay as they are
 * @returns 0 deployed, and no client fails; 1 otherwise
 */
export async function deployStack(context: PipelineContext, rotationOnly: boolean): Promise<ExitCode> {
  const { io, folder, stack, operate } = context;
  const options = rotationOnly
    ? rotationTargets.flatMap((target) => ["--target", target])
    : policyOptions(folder);
  // The outputs are suppressed: what need not be in a log is not in it, even masked.
  const { code } = await runPulumi(
    ["up", "--yes", "--diff", "--suppress-outputs", "--stack", stack, ...options],
    {
      folder,
      env: io.env,
      signal: io.signal,
      follow: (text) => void io.stderr.write(text, () => undefined),
    },
  );
  if (code !== 0) {
    throw new OperationError(`pulumi up failed with exit code ${code}.`, {
      cure: "See its output above. What it deployed is in the state; the next run continues from there.",
    });
  }
  const verified = await operate(["verify", "--wait"]);
  io.stdout.write(verified.stdout, () => undefined);
  // 7: nothing failed, but a client has only credentials that a pipeline cannot try, such as a certificate whose key its consumer has.
  return verified.code === exitCode.ok || verified.code === exitCode.differences
    ? exitCode.ok
    : exitCode.failed;
}
