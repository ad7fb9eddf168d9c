import { difference, type EndStateDifference, endStateOf } from "../trial/endState";
import { auditLeftovers } from "../trial/leftovers";
import type { SandboxFixture } from "../trial/sandboxFixture";
import { recover } from "../trial/recovery";
import type { CommandRun, Trial } from "../trial/trial";
import { firstErrorIn, unclearIn } from "./messages";
import type { FaultKind } from "./faultKinds";
import type { Recording, RequestKind } from "./recording";
import type { Scenario } from "./scenarios";

/** How a command has come through a fault; all but the last two are what the project promises. */
export type Outcome =
  /** It finished all the same. */
  | "finished"
  /** It failed and said why; the next run finished. */
  | "next run"
  /** The next run failed, too, but named the command that helps; then it finished. */
  | "recovered"
  /** It finished, and left something behind that `audit` reports. */
  | "reported"
  /** It did not make the request this time. */
  | "not met"
  /** Something that is promised was not kept. */
  | "failed";

/** One cell of the matrix. */
export interface Cell {
  readonly scenario: string;
  readonly operation: string;
  readonly version: string | null;
  readonly fault: string;
  /** Which of the command's requests of this kind was hit, from 1. */
  readonly nth: number;
  readonly outcome: Outcome;
  /** The error that was shown, what was left behind, or what was not kept; "" when there is nothing to say. */
  readonly detail: string;
}

/** What one cell needs. */
export interface CellParts {
  readonly fixture: SandboxFixture;
  readonly scenario: Scenario;
  readonly recording: Recording;
  readonly request: RequestKind;
  readonly fault: FaultKind;
  /** How many requests of this kind are let through first. */
  readonly skip: number;
}

/** Runs a command with a fault and looks where it leads. */
export async function runCell(parts: CellParts): Promise<Cell> {
  const { fixture, scenario, request, fault, skip } = parts;
  const { operation, version } = request;
  const verdict = await fixture.try(scenario, (trial) => judge(parts, trial));
  return { scenario: scenario.name, operation, version, fault: fault.name, nth: skip + 1, ...verdict };
}

type Verdict = Pick<Cell, "outcome" | "detail">;

async function judge(parts: CellParts, trial: Trial): Promise<Verdict> {
  const { fixture, scenario, recording, request, fault, skip } = parts;
  const { operation, version } = request;
  await trial.tenant.control("POST", "faults", {
    operation,
    version,
    skip,
    times: fault.times,
    effect: fault.effect(operation),
  });
  const first = await scenario.run(trial);
  const wasMet = await isFaultMet(trial);
  await trial.tenant.control("DELETE", "faults");
  const lost = await lostSecrets(recording, trial);
  if (lost > 0) return failed(`${lost} published secrets are refused after the disturbed run`, first);
  const unclear = first.succeeded ? undefined : unclearIn(first.output);
  if (unclear !== undefined) return failed(unclear, first);
  const recovery = first.succeeded ? undefined : await recover(trial, scenario.run);
  if (recovery?.last.succeeded === false) return failed("the next run fails, too", recovery.last);
  const look = async (): Promise<EndStateDifference> =>
    difference(endStateOf(await trial.state(), await trial.inventory(), fixture.seeded), recording.expected);
  const seen = await look();
  const repair =
    seen.problems.length > 0 && scenario.next !== undefined ? await recover(trial, scenario.next) : undefined;
  if (repair?.last.succeeded === false) return failed("the run after it fails", repair.last);
  const { problems, leftovers } = repair === undefined ? seen : await look();
  if (problems.length > 0) return failed(problems.join("; "), recovery?.last ?? first);
  if ((await lostSecrets(recording, trial)) > 0)
    return failed("a published secret is refused in the end", first);
  if (leftovers.length > 0) {
    const { unreported, named } = await auditLeftovers(trial, leftovers);
    return unreported === ""
      ? { outcome: "reported", detail: `left behind: ${named}` }
      : { outcome: "failed", detail: `left behind and reported by nobody: ${unreported}` };
  }
  if (!wasMet) return { outcome: "not met", detail: "" };
  if (repair !== undefined) {
    return { outcome: repair.steps.length > 0 ? "recovered" : "next run", detail: seen.problems.join("; ") };
  }
  if (recovery === undefined) return { outcome: "finished", detail: "" };
  return recovery.steps.length > 0
    ? { outcome: "recovered", detail: firstErrorIn(first.output) }
    : { outcome: "next run", detail: firstErrorIn(first.output) };
}

async function lostSecrets({ secretsBefore }: Recording, trial: Trial): Promise<number> {
  const accepted = await Promise.all(secretsBefore.map((value) => trial.accepts(value)));
  return accepted.filter((isAccepted) => !isAccepted).length;
}

async function isFaultMet(trial: Trial): Promise<boolean> {
  const { json } = await trial.tenant.control("GET", "faults");
  const { value } = json as { readonly value: readonly { readonly hits: number }[] };
  return value.some(({ hits }) => hits > 0);
}

function failed(reason: string, { output }: CommandRun): Verdict {
  return { outcome: "failed", detail: `${reason} (${firstErrorIn(output)})` };
}
