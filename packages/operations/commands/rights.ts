import { isGuid } from "dicom-service-client/model";
import { withCloud } from "../cloud/openCloud";
import { jsonText } from "../console/plainText";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import { checkRights } from "../rights/heldRights";
import { rightsCommands } from "../rights/rightsCommands";
import { type Purpose, rightsReport, usualPurposes } from "../rights/rightsReport";
import { rightsCheckText, rightsText } from "../rights/rightsText";
import { openStack, type OperationContext } from "./operation";

/** What `rights` is asked for. */
export interface RightsChoices {
  readonly format: "text" | "json" | "commands";
  /** Default deploy and drift. */
  readonly for?: Purpose;
  readonly check?: boolean;
  /** Object id of a service principal; default the one that is signed in. */
  readonly identity?: string;
}

/**
 * Shows the least privilege that a stack needs.
 *
 * @returns 7 when, with `check`, the identity has less or more
 */
export async function rights(context: OperationContext, choices: RightsChoices): Promise<ExitCode> {
  const { console } = context;
  if (choices.check && choices.format === "commands") {
    throw new OperationError("Commands are written without --check.", {
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
        cure: "Look it up: az ad sp show --id <client id> --query id --output tsv",
      },
    );
  }
  const { declaration } = await openStack(context);
  const wanted =
    choices.for === undefined ? (choices.check ? (["deploy"] as const) : usualPurposes) : [choices.for];
  const report = rightsReport(declaration, wanted);
  const [needed] = report.identities;
  const check =
    choices.check && needed
      ? await withCloud(context, declaration, async ({ client }) =>
          checkRights(client, choices.identity ?? (await client.ownObjectId()), needed),
        )
      : undefined;
  await console.result(
    choices.format === "commands"
      ? rightsCommands(report)
      : choices.format === "json"
        ? `${jsonText({ ...report, ...(check ? { check } : {}) })}\n`
        : `${rightsText(report, console.colours)}${check ? rightsCheckText(check, console.colours) : ""}`,
  );
  return check && check.missing.length + check.excess.length > 0 ? exitCode.differences : exitCode.ok;
}
