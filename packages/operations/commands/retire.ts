import { join, resolve } from "node:path";
import { formatCalendarDay, jsonText } from "dicom-service-client/model";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { StackDeclaration } from "../project/declaration";
import { applyRetirement, type Retired } from "../retire/applyRetirement";
import { planRetirement, type Retirement } from "../retire/retirement";
import { RetirementRecord } from "../retire/retirementRecord";
import { retirable, retiredText, retirementText } from "../retire/retirementText";
import { chooseClients } from "./chooseClients";
import { openStack, type OperationContext } from "./operation";

/** What `retire` is asked for. */
export interface RetireChoices {
  readonly format: "text" | "json";
  /** Only these clients. */
  readonly client?: readonly string[];
  /** Days without a use after which a credential counts as unused. */
  readonly unusedDays: number;
  readonly apply?: boolean;
  /** File of the record; default beside the stack file. */
  readonly record?: string;
}

/**
 * Tells of old credentials whether anybody still uses them, and retires those that nobody does.
 *
 * @returns 0 nothing to do, or done; 7 something can be retired; 1 when not everything could be read or done
 */
export async function retire(context: OperationContext, choices: RetireChoices): Promise<ExitCode> {
  const { console, stack } = context;
  if (choices.record !== undefined && !choices.apply) {
    throw new OperationError("--record is for --apply only.", { cure: "Add --apply, or leave it out." });
  }
  const { project, declaration } = await openStack(context);
  const clients = chooseClients(declaration, choices.client);
  return withCloud(context, declaration, async ({ client: cloud }) => {
    const plan = await planRetirement(declaration, clients, cloud, choices.unusedDays);
    refuseAnotherDay(plan, declaration);
    const todo = retirable(plan.credentials);
    const show = (apply: string): string => retirementText(plan, apply, console.colours);
    const isText = choices.format === "text";
    if (!choices.apply) {
      await console.result(
        isText
          ? show(todo.length === 0 ? "" : `npx dicom-ops retire --stack ${stack} --apply`)
          : `${jsonText({ ...plan, retired: [] })}\n`,
      );
      return isIncomplete(plan) ? exitCode.failed : todo.length > 0 ? exitCode.differences : exitCode.ok;
    }
    if (isText) await console.result(show(""));
    const path = choices.record ?? join(project.folder, `retirements.${stack.replaceAll("/", "-")}.jsonl`);
    const record = new RetirementRecord(resolve(context.cwd, path));
    const retired = await applyRetirement(
      {
        declaration,
        cloud,
        console,
        record,
        unusedDays: choices.unusedDays,
        folder: project.folder,
        ...(context.stackFile === undefined ? {} : { stackFile: context.stackFile }),
      },
      todo,
    );
    if (!isText) await console.result(`${jsonText({ ...plan, retired: retired.map(retiredJson) })}\n`);
    else if (retired.length > 0) {
      await console.result(retiredText(retired, { stack, record: record.path }, console.colours));
    }
    return isIncomplete(plan) || retired.some(({ outcome }) => outcome === "failed")
      ? exitCode.failed
      : exitCode.ok;
  });
}

function retiredJson({ credential: { client, keyId }, outcome, why }: Retired): object {
  return { client, keyId, outcome, why };
}

function isIncomplete({ unread, gaps }: Retirement): boolean {
  return unread.length + gaps.length > 0;
}

/** Which secret is the current one follows from the day: on another one, it would be taken for an old one. */
function refuseAnotherDay({ readAt }: Retirement, { asOf, asOfIsPinned }: StackDeclaration): void {
  if (readAt === null) return;
  const today = Math.floor(Date.parse(readAt) / 86_400_000);
  if (Math.abs(today - asOf) <= 1) return;
  throw new OperationError(
    `The day to work with is ${formatCalendarDay(asOf)}, but by Microsoft Graph's clock it is ${formatCalendarDay(today)}.`,
    {
      cure: asOfIsPinned ? "Take asOf out of the stack file." : "Set the clock of this machine.",
    },
  );
}
