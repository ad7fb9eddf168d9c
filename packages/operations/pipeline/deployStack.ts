import picocolors from "picocolors";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import { preflightText } from "../preflight/preflightText";
import { foretell } from "./foretell";
import type { PipelineContext } from "./pipelineContext";
import { rotationTargets } from "./plannedChange";
import { policyOptions } from "./policyPack";

/**
 * Deploys the stack and proves that its clients work.
 *
 * @param rotationOnly limits the update to what a rotation changes: the secrets, and the key vault's copy of the current one. Drift and
 *   configuration that is not deployed yet stay as they are
 * @returns 0 deployed, and no client fails; 1 otherwise
 * @throws OperationError when preflight has found an obstacle; nothing has been changed then
 */
export async function deployStack(context: PipelineContext, rotationOnly: boolean): Promise<ExitCode> {
  const { io, folder, pulumi, operate } = context;
  // A rotation is not held up by what stands in the way of other changes.
  if (!rotationOnly) await refuseWhatWouldBeRefused(context);
  const options = rotationOnly
    ? rotationTargets.flatMap((target) => ["--target", target])
    : policyOptions(folder);
  // The outputs are suppressed: what need not be in a log is not in it, even masked.
  const { code } = await pulumi(["up", "--yes", "--diff", "--suppress-outputs", ...options]);
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

/** What preflight could not read is shown, and judged by the update itself. */
async function refuseWhatWouldBeRefused(context: PipelineContext): Promise<void> {
  const report = await foretell(context);
  if (report === undefined) return;
  context.io.stderr.write(preflightText(report, picocolors.createColors(false)), () => undefined);
  if (report.obstacles.length > 0) {
    throw new OperationError("pulumi up would be refused, so it was not started.", {
      cure: "What to do about each obstacle is above.",
    });
  }
}
