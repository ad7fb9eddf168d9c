import { counted } from "../console/counted";
import { exitCode, type ExitCode } from "../exitCode";
import type { PipelineContext } from "./pipelineContext";

/**
 * Warns of credentials that end soon, of updates that are overdue and, where the use of credentials can be read, of consumers that have
 * not moved. Everything else follows from configuration, state and schedule alone.
 *
 * @returns 0 nothing ends, 7 something does, 1 it could not look
 */
export async function warnOfEnds(context: PipelineContext, days: number): Promise<ExitCode> {
  const { io, output, stack, operate } = context;
  const { code, stdout } = await operate(["status", "--warn", String(days), "--last-used"]);
  io.stdout.write(stdout, () => undefined);
  switch (code) {
    case exitCode.ok:
      return exitCode.ok;
    case exitCode.differences:
      output.warn(
        `Stack ${stack}: a credential ends within ${counted(days, "day")}, an update is overdue, or a consumer has not moved. See the table in the log.`,
      );
      return exitCode.differences;
    default:
      return exitCode.failed;
  }
}
