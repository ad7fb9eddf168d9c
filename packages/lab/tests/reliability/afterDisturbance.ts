import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import type { CommandRun, DisturbedSandbox } from "./disturbedSandbox";
import { difference, type EndState, type EndStateDifference, endStateOf } from "./endState";
import { auditLeftovers } from "./leftovers";
import { recover, type Recovery } from "./recovery";
import type { SandboxCopies } from "./sandboxCopies";
import type { Scenario } from "./scenarios";

/** Where a command leads when nothing disturbs it. */
export interface Undisturbed {
  readonly end: EndState;
  /** The values of the secrets that were published before, and must stay accepted. */
  readonly secretsBefore: readonly string[];
}

/** What it took to finish, and what was left behind all the same; both are "" where there is nothing to say. */
export interface Aftermath {
  readonly steps: string;
  readonly leftBehind: string;
}

/** Runs a command undisturbed. */
export function runUndisturbed(copies: SandboxCopies, scenario: Scenario): Promise<Undisturbed> {
  return copies.run(scenario, async (sandbox) => {
    const published = await sandbox.publishedSecrets();
    const { succeeded, output } = await scenario.run(sandbox);
    assert.ok(succeeded, output);
    const accepted = await Promise.all(published.map((value) => sandbox.accepts(value)));
    return {
      end: await endOf(copies, sandbox),
      secretsBefore: published.filter((_value, index) => accepted[index]),
    };
  });
}

/**
 * Does what a user does after a command that was disturbed, and proves that nothing that is promised was broken.
 *
 * @param first how the disturbed command ended; none where it was killed
 * @throws AssertionError that says what was not kept
 */
export async function finishAfter(
  copies: SandboxCopies,
  scenario: Scenario,
  { end, secretsBefore }: Undisturbed,
  sandbox: DisturbedSandbox,
  first?: CommandRun,
): Promise<Aftermath> {
  await assertAccepted(secretsBefore, sandbox);
  const recovery = first?.succeeded === true ? undefined : await recovered(sandbox, scenario.run);
  const compare = async (): Promise<EndStateDifference> => difference(await endOf(copies, sandbox), end);
  const seen = await compare();
  const isForgotten = seen.problems.length > 0 && scenario.next !== undefined;
  const repair = isForgotten ? await recovered(sandbox, scenario.next) : undefined;
  const { problems, leftovers } = isForgotten ? await compare() : seen;
  assert.deepEqual([...problems, ...(await halfWrittenFiles(copies.folder.root))], []);
  await assertAccepted(secretsBefore, sandbox);
  const steps = [...(recovery?.steps ?? []), ...(repair?.steps ?? [])].join(", ");
  if (leftovers.length === 0) return { steps, leftBehind: "" };
  const { named, unreported } = await auditLeftovers(sandbox, leftovers);
  assert.equal(unreported, "", "left behind and reported by nobody");
  return { steps, leftBehind: named };
}

async function recovered(
  sandbox: DisturbedSandbox,
  run: (sandbox: DisturbedSandbox) => Promise<CommandRun>,
): Promise<Recovery> {
  const recovery = await recover(sandbox, run);
  assert.ok(recovery.last.succeeded, recovery.last.output);
  return recovery;
}

async function assertAccepted(secrets: readonly string[], sandbox: DisturbedSandbox): Promise<void> {
  const accepted = await Promise.all(secrets.map((value) => sandbox.accepts(value)));
  assert.ok(!accepted.includes(false), "a published secret is refused");
}

async function endOf({ seeded }: SandboxCopies, sandbox: DisturbedSandbox): Promise<EndState> {
  return endStateOf(await sandbox.state(), await sandbox.inventory(), seeded);
}

/**
 * Files of ours that a run which was cut off has left half-written, and locks. The engine's own backend leaves `.tmp` files behind
 * when it is killed while it writes; it never reads them.
 */
async function halfWrittenFiles(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  return names.filter((name) => /\.next$|[\\/]locks[\\/].*\.json$/.test(name));
}
