import { jsonText } from "dicom-service-client/model";
import { withCloud } from "../cloud/openCloud";
import { TransportFailure } from "../cloud/transportFailure";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { StackDeclaration } from "../project/declaration";
import { type NoUseReport, type UseReport, UseReports } from "../retire/useReport";
import { stackStatus } from "../status/stackStatus";
import { statusText } from "../status/statusText";
import { openStack, type OperationContext } from "./operation";

/** What `status` is asked for. */
export interface StatusChoices {
  readonly format: "text" | "json";
  /** Days before its end from which a credential needs attention. */
  readonly warn?: number;
  /** Whether to ask Microsoft Graph when credentials were last used. */
  readonly lastUsed?: boolean;
}

/**
 * Shows where the credentials of all clients stand.
 *
 * @returns 7 when `warn` is given and anything needs attention
 */
export async function status(context: OperationContext, choices: StatusChoices): Promise<ExitCode> {
  const { declaration } = await openStack(context);
  const uses = choices.lastUsed ? await readUses(context, declaration) : undefined;
  const found = stackStatus(declaration, choices.warn, uses);
  await context.console.result(
    choices.format === "json"
      ? `${jsonText(found)}\n`
      : statusText(found, context.console.colours, context.verbose),
  );
  return choices.warn !== undefined && found.needsAttention ? exitCode.differences : exitCode.ok;
}

/** What cannot be read is no failure: everything else is known without it. */
async function readUses(
  context: OperationContext,
  declaration: StackDeclaration,
): Promise<ReadonlyMap<string, UseReport | NoUseReport>> {
  const clients = declaration.clients.flatMap(({ name, deployed }) =>
    deployed?.clientId === undefined || deployed.isManagedIdentity
      ? []
      : [{ name, clientId: deployed.clientId }],
  );
  try {
    return await withCloud(context, declaration, async ({ client: cloud }) => {
      const reports = new UseReports(cloud);
      const read = clients.map(async ({ name, clientId }) => [name, await reports.of(clientId)] as const);
      return new Map(await Promise.all(read));
    });
  } catch (error) {
    if (!(error instanceof OperationError) && !(error instanceof TransportFailure)) throw error;
    return new Map(clients.map(({ name }) => [name, { why: error.message, missingRight: null }]));
  }
}
