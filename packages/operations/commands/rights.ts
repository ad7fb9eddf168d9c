import { isGuid, jsonText } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { withCloud } from "../cloud/openCloud";
import { RefusedCall } from "../cloud/refusedCall";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { StackDeclaration } from "../project/declaration";
import { readHeldRights } from "../rights/heldRights";
import type { RightsReading } from "../rights/reading";
import { checkRights, ownableObjects, type RightsCheck } from "../rights/rightsCheck";
import { rightsCommands } from "../rights/rightsCommands";
import {
  needsFor,
  rightsReport,
  usualPurposes,
  type IdentityRights,
  type Purpose,
} from "../rights/rightsReport";
import { rightsCheckText, rightsText } from "../rights/rightsText";
import { openStack, type OperationContext } from "./operation";

const lookUp = "Look it up: az ad sp show --id '<client id>' --query id --output tsv";

/** What `rights` is asked for. */
export interface RightsChoices {
  readonly format: "text" | "json" | "commands";
  /** How documentation that contradicts itself is read. */
  readonly reading: RightsReading;
  /** Default deploy and drift. */
  readonly for?: Purpose;
  readonly check?: boolean;
  /** Object id of a service principal; default the one that is signed in. */
  readonly identity?: string;
}

/**
 * Shows the least privilege that a stack needs.
 *
 * @returns 7 when, with `check`, the identity has less or more; 1 when that cannot be decided
 */
export async function rights(context: OperationContext, choices: RightsChoices): Promise<ExitCode> {
  const { console } = context;
  if (choices.check && choices.format === "commands") {
    throw new OperationError("--format commands cannot be combined with --check.", {
      cure: "Leave out --check, or choose another format.",
    });
  }
  if (choices.identity !== undefined && !choices.check) {
    throw new OperationError("--identity is for --check only.", {
      cure: "Add --check, or leave it out.",
    });
  }
  if (choices.identity !== undefined && !isGuid(choices.identity)) {
    throw new OperationError(
      `${JSON.stringify(choices.identity)} is not the object id of a service principal.`,
      {
        cure: lookUp,
      },
    );
  }
  const { project, declaration } = await openStack(context);
  const wanted =
    choices.for === undefined ? (choices.check ? (["deploy"] as const) : usualPurposes) : [choices.for];
  const report = rightsReport(declaration, wanted, choices.reading);
  const [needed] = report.identities;
  const check =
    choices.check && needed ? await checkIdentity(context, declaration, needed, choices.identity) : undefined;
  await console.result(
    choices.format === "commands"
      ? rightsCommands(report, project.name)
      : choices.format === "json"
        ? `${jsonText({ ...report, ...(check ? { check } : {}) })}\n`
        : `${rightsText(report, console.colours)}${check ? rightsCheckText(check, console.colours) : ""}`,
  );
  if (!check) return exitCode.ok;
  if (check.missing.length + check.excess.length > 0) return exitCode.differences;
  return check.unknown.length > 0 ? exitCode.failed : exitCode.ok;
}

/** @throws OperationError when there is no such service principal; whatever else cannot be read is told with the rest */
async function requirePrincipal(client: CloudClient, servicePrincipalId: string): Promise<void> {
  try {
    await client.read(calls.servicePrincipal, { servicePrincipalId });
  } catch (error) {
    if (!(error instanceof RefusedCall) || error.status !== 404) return;
    throw new OperationError(`There is no service principal ${servicePrincipalId}.`, {
      cause:
        "Its object id is needed, and neither a client id nor the object id of the application; the rights of people are not compared.",
      cure: lookUp,
    });
  }
}

function checkIdentity(
  context: OperationContext,
  declaration: StackDeclaration,
  needed: IdentityRights,
  identity: string | undefined,
): Promise<RightsCheck> {
  return withCloud(context, declaration, async ({ client }) => {
    const principalId = identity?.toLowerCase() ?? (await client.ownObjectId());
    await requirePrincipal(client, principalId);
    const held = await readHeldRights(
      client,
      principalId,
      needed.azure.map(({ scope }) => scope),
      needed.purpose === "deploy" ? ownableObjects(declaration) : [],
    );
    return checkRights(principalId, held, needed, needsFor(needed.purpose, declaration));
  });
}
