import { readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { difference, type EndState, endStateOf } from "../trial/endState";
import { auditLeftovers } from "../trial/leftovers";
import { recover, type Recovery } from "../trial/recovery";
import type { SandboxFixture } from "../trial/sandboxFixture";
import type { Trial } from "../trial/trial";
import { firstErrorIn } from "../faults/messages";
import type { Scenario } from "../faults/scenarios";
import { CommandProcess, killEngine, servedTenant } from "./processes";

/** What is killed. */
export const killTargets = {
  engine: "the Pulumi CLI alone; program, providers and tenant live on",
  program:
    "the sandbox command, and with it program, providers and tenant; the Pulumi CLI is left without them",
  everything: "the sandbox command and the Pulumi CLI at the same moment",
  tenant: "the tenant, which another process serves; command and engine live on",
} as const;

export type KillTarget = keyof typeof killTargets;

/** How a killed command was brought to its end. */
export type KillOutcome =
  /** It had ended before it was killed. */
  | "too late"
  /** The next run finished. */
  | "next run"
  /** The next runs named what to do, and it was done. */
  | "recovered"
  /** It finished, and something was left behind that `audit` reports. */
  | "reported"
  /** Something that is promised was not kept. */
  | "failed";

/** One kill. */
export interface Kill {
  /** Of the row of kills that it belongs to. */
  readonly seed: number;
  readonly scenario: string;
  readonly target: KillTarget;
  /** When, as a part of the time that the command takes undisturbed. */
  readonly moment: number;
  readonly outcome: KillOutcome;
  /** What it took, was left behind, or what was not kept; "" when there is nothing to say. */
  readonly detail: string;
}

/** What one kill needs. */
export interface KillParts {
  readonly fixture: SandboxFixture;
  readonly scenario: Scenario;
  readonly target: KillTarget;
  readonly moment: number;
  readonly seed: number;
  /** How long the command takes, from its start, in milliseconds. */
  readonly duration: number;
  readonly expected: EndState;
  /** Values of secrets that must be accepted afterwards. */
  readonly secretsBefore: readonly string[];
}

/** Kills during a command, runs it again as a user would, and looks where that leads. */
export async function runKill(parts: KillParts): Promise<Kill> {
  const { fixture, scenario, target, moment, seed } = parts;
  await fixture.reset(scenario.start);
  const { missed, trial, stop } = await killDuring(parts);
  try {
    const verdict = missed
      ? ({ outcome: "too late", detail: "" } as const)
      : await judge(parts, trial, await recover(trial, scenario.run));
    return { seed, scenario: scenario.name, target, moment, ...verdict };
  } finally {
    await trial.close();
    await stop();
  }
}

/** A trial on what a kill has left behind. */
interface KilledRun {
  readonly missed: boolean;
  readonly trial: Trial;
  readonly stop: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

async function killDuring(parts: KillParts): Promise<KilledRun> {
  const { fixture, scenario, target, moment, duration } = parts;
  const wait = (): Promise<void> => delay(moment * duration);
  switch (target) {
    case "engine": {
      const trial = await fixture.open(scenario.asOf);
      const running = scenario.run(trial);
      await wait();
      const wasHit = killEngine();
      const { succeeded } = await running;
      return { missed: !wasHit && succeeded, trial, stop: nothing };
    }
    case "program":
    case "everything": {
      const config = await fixture.stackFile(scenario.asOf);
      const command = CommandProcess.start(fixture.folder, "--config", config, commandOf(scenario));
      await wait();
      if (target === "program") command.kill();
      else command.killAll();
      await command.exited();
      return { missed: false, trial: await fixture.open(scenario.asOf), stop: nothing };
    }
    case "tenant": {
      const first = CommandProcess.start(fixture.folder, "serve");
      const disturbed = await fixture.open(scenario.asOf, await servedTenant(fixture.folder));
      const running = scenario.run(disturbed);
      await wait();
      first.killAll();
      const { succeeded } = await running;
      await disturbed.close();
      await first.exited();
      const second = CommandProcess.start(fixture.folder, "serve");
      const trial = await fixture.open(scenario.asOf, await servedTenant(fixture.folder));
      const stop = async (): Promise<void> => {
        second.killAll();
        await second.exited();
      };
      return { missed: succeeded, trial, stop };
    }
  }
}

/** The sandbox command that does what a scenario does. */
function commandOf({ name }: Scenario): string {
  return name === "destroy" || name === "refresh" ? name : "up";
}

async function judge(
  { fixture, expected, secretsBefore }: KillParts,
  trial: Trial,
  { last, steps }: Recovery,
): Promise<Pick<Kill, "outcome" | "detail">> {
  if (!last.succeeded)
    return { outcome: "failed", detail: `the next run fails, too: ${firstErrorIn(last.output)}` };
  const accepted = await Promise.all(secretsBefore.map((value) => trial.accepts(value)));
  if (accepted.includes(false)) return { outcome: "failed", detail: "a published secret is refused" };
  const endState = endStateOf(await trial.state(), await trial.inventory(), fixture.seeded);
  const { problems, leftovers } = difference(endState, expected);
  const files = await temporaryFiles(fixture.folder.root);
  if (problems.length + files.length > 0)
    return { outcome: "failed", detail: [...problems, ...files].join("; ") };
  const taken = steps.join(", ");
  if (leftovers.length === 0) return { outcome: steps.length > 0 ? "recovered" : "next run", detail: taken };
  const { named, unreported } = await auditLeftovers(trial, leftovers);
  return unreported === ""
    ? { outcome: "reported", detail: `left behind: ${named}` }
    : { outcome: "failed", detail: `left behind and reported by nobody: ${unreported}` };
}

/**
 * Files of ours that a run which was cut off has left half-written, and locks. The engine's own backend leaves `.tmp` files behind
 * when it is killed while it writes; it never reads them.
 */
async function temporaryFiles(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  return names
    .filter((name) => /\.next$|[\\/]locks[\\/].*\.json$/.test(name))
    .map((name) => `left on disk: ${name}`);
}
