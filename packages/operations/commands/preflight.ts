import { isGuid, jsonText } from "dicom-service-client/model";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import { preflight } from "../preflight/preflight";
import type { PreflightReport } from "../preflight/preflightReport";
import { preflightText } from "../preflight/preflightText";
import { openStack, type OperationContext } from "./operation";

/** What `preflight` is asked for. */
export interface PreflightChoices {
  readonly format: "text" | "json";
  /** Object id of a service principal; default the one that the configuration names, or whoever is signed in. */
  readonly identity?: string;
}

/**
 * Finds what the tenant and the key vaults would refuse of the next update.
 *
 * @returns 0 nothing, 7 something, 1 when not everything could be read
 */
export async function runPreflight(
  context: OperationContext,
  { format, identity }: PreflightChoices,
): Promise<ExitCode> {
  const { console, env } = context;
  if (identity !== undefined && !isGuid(identity)) {
    throw new OperationError(`${JSON.stringify(identity)} is not the object id of a service principal.`, {
      cure: "Look it up: az ad sp show --id '<client id>' --query id --output tsv",
    });
  }
  const { project, declaration } = await openStack(context);
  const report = await withCloud(context, declaration, async ({ client }) =>
    preflight({
      declaration,
      project: project.name,
      cloud: client.batched(),
      console,
      identity: identity?.toLowerCase() ?? declaration.deployingIdentity ?? (await client.ownObjectId()),
      subscriptionId: declaration.providers.subscriptionId ?? env["ARM_SUBSCRIPTION_ID"],
    }),
  );
  await console.result(format === "json" ? `${jsonText(report)}\n` : preflightText(report, console.colours));
  return codes[report.verdict];
}

const codes: Readonly<Record<PreflightReport["verdict"], ExitCode>> = {
  clear: exitCode.ok,
  obstacles: exitCode.differences,
  incomplete: exitCode.failed,
};
