import { exitCode, type ExitCode } from "../exitCode";
import type { PipelineContext } from "./pipelineContext";

/**
 * Warns of credentials that end soon, and of updates that are overdue. It works from configuration, state and schedule alone.
 *
 * @returns 0 nothing ends, 7 something does, 1 it could not look
 */
export async function warnOfEnds(context: PipelineContext, days: number): Promise<ExitCode> {
  const { io, output, stack, operate } = context;
  const { code, stdout } = await operate(["status", "--warn", String(days)]);
  io.stdout.write(stdout, () => undefined);
  switch (code) {
    case exitCode.ok:
      return exitCode.ok;
    case exitCode.differences:
      output.warn(
        `Stack ${stack}: a credential ends within ${days} days, or an update is overdue. See the table in the log.`,
      );
      return exitCode.differences;
    default:
      return exitCode.failed;
  }
}
