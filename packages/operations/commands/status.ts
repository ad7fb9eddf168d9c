import { jsonText } from "../console/plainText";
import { exitCode, type ExitCode } from "../exitCode";
import { stackStatus } from "../status/stackStatus";
import { statusText } from "../status/statusText";
import { openStack, type OperationContext } from "./operation";

/** What `status` is asked for. */
export interface StatusChoices {
  readonly format: "text" | "json";
  /** Days before its end from which a credential needs attention. */
  readonly warn?: number;
}

/**
 * Shows where the credentials of all clients stand.
 *
 * @returns 7 when `warn` is given and anything needs attention
 */
export async function status(context: OperationContext, choices: StatusChoices): Promise<ExitCode> {
  const { declaration } = await openStack(context);
  const found = stackStatus(declaration, choices.warn);
  await context.console.result(
    choices.format === "json"
      ? `${jsonText(found)}\n`
      : statusText(found, context.console.colours, context.verbose),
  );
  return choices.warn !== undefined && found.needsAttention ? exitCode.differences : exitCode.ok;
}
