import { readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { deviation, placeOf, type Place } from "../trial/endState";
import { auditLeftovers } from "../trial/leftovers";
import { recover, type Recovery } from "../trial/recovery";
import type { TestBed } from "../trial/sandboxFixture";
import type { Trial } from "../trial/trial";
import { firstErrorIn } from "../faults/messages";
import type { Subject } from "../faults/scenarios";
import { CommandProcess, killEngine, servedTenant } from "./processes";

/** What is killed. */
export const victims = {
  engine: "the Pulumi CLI alone; program, providers and tenant live on",
  program:
    "the sandbox command, and with it program, providers and tenant; the Pulumi CLI is left without them",
  everything: "the sandbox command and the Pulumi CLI at the same moment",
  tenant: "the tenant, which another process serves; command and engine live on",
} as const;

export type Victim = keyof typeof victims;

/** How a killed command was brought to its end. */
export type KillOutcome =
  /** It had ended before it was killed. */
  | "too late"
  /** The next run finished. */
  | "next run"
  /** The next runs named what to do, and it was done. */
  | "cured"
  /** It finished, and something was left behind that `audit` reports. */
  | "reported"
  /** It fell short of what is promised. */
  | "short";

/** One kill. */
export interface Kill {
  /** Of the row of kills that it belongs to. */
  readonly seed: number;
  readonly subject: string;
  readonly victim: Victim;
  /** When, as a part of the time that the command takes undisturbed. */
  readonly moment: number;
  readonly outcome: KillOutcome;
  /** What it took, was left behind, or where it fell short; "" when there is nothing to say. */
  readonly detail: string;
}

/** What one kill needs. */
export interface KillParts {
  readonly bed: TestBed;
  readonly subject: Subject;
  readonly victim: Victim;
  readonly moment: number;
  readonly seed: number;
  /** How long the command takes, from its start, in milliseconds. */
  readonly duration: number;
  readonly goal: Place;
  /** Values of secrets that must be accepted afterwards. */
  readonly secretsBefore: readonly string[];
}

/** Kills during a command, runs it again as a user would, and looks where that leads. */
export async function runKill(parts: KillParts): Promise<Kill> {
  const { bed, subject, victim, moment, seed } = parts;
  await bed.reset(subject.start);
  const { wasLate, trial, stop } = await strike(parts);
  try {
    const verdict = wasLate
      ? ({ outcome: "too late", detail: "" } as const)
      : await judge(parts, trial, await recover(trial, subject.run));
    return { seed, subject: subject.name, victim, moment, ...verdict };
  } finally {
    await trial.close();
    await stop();
  }
}

/** A trial on what a kill has left behind. */
interface Aftermath {
  readonly wasLate: boolean;
  readonly trial: Trial;
  readonly stop: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

async function strike(parts: KillParts): Promise<Aftermath> {
  const { bed, subject, victim, moment, duration } = parts;
  const wait = (): Promise<void> => delay(moment * duration);
  switch (victim) {
    case "engine": {
      const trial = await bed.open(subject.asOf);
      const running = subject.run(trial);
      await wait();
      const wasHit = killEngine();
      const { succeeded } = await running;
      return { wasLate: !wasHit && succeeded, trial, stop: nothing };
    }
    case "program":
    case "everything": {
      const config = await bed.stackFile(subject.asOf);
      const command = CommandProcess.start(bed.folder, "--config", config, commandOf(subject));
      await wait();
      if (victim === "program") command.kill();
      else command.killAll();
      await command.gone();
      return { wasLate: false, trial: await bed.open(subject.asOf), stop: nothing };
    }
    case "tenant": {
      const first = CommandProcess.start(bed.folder, "serve");
      const disturbed = await bed.open(subject.asOf, await servedTenant(bed.folder));
      const running = subject.run(disturbed);
      await wait();
      first.killAll();
      const { succeeded } = await running;
      await disturbed.close();
      await first.gone();
      const second = CommandProcess.start(bed.folder, "serve");
      const trial = await bed.open(subject.asOf, await servedTenant(bed.folder));
      const stop = async (): Promise<void> => {
        second.killAll();
        await second.gone();
      };
      return { wasLate: succeeded, trial, stop };
    }
  }
}

/** The sandbox command that does what a subject does. */
function commandOf({ name }: Subject): string {
  return name === "destroy" || name === "refresh" ? name : "up";
}

async function judge(
  { bed, goal, secretsBefore }: KillParts,
  trial: Trial,
  { last, steps }: Recovery,
): Promise<Pick<Kill, "outcome" | "detail">> {
  if (!last.succeeded)
    return { outcome: "short", detail: `the next run fails, too: ${firstErrorIn(last.said)}` };
  const accepted = await Promise.all(secretsBefore.map((value) => trial.accepts(value)));
  if (accepted.includes(false)) return { outcome: "short", detail: "a published secret is refused" };
  const place = placeOf(await trial.state(), await trial.inventory(), bed.seeded);
  const { problems, leftovers } = deviation(place, goal);
  const files = await temporaryFiles(bed.folder.root);
  if (problems.length + files.length > 0)
    return { outcome: "short", detail: [...problems, ...files].join("; ") };
  const taken = steps.join(", ");
  if (leftovers.length === 0) return { outcome: steps.length > 0 ? "cured" : "next run", detail: taken };
  const { named, unreported } = await auditLeftovers(trial, leftovers);
  return unreported === ""
    ? { outcome: "reported", detail: `left behind: ${named}` }
    : { outcome: "short", detail: `left behind and reported by nobody: ${unreported}` };
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
