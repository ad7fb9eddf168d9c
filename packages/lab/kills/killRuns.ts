import { Random } from "../random";
import { SandboxFixture } from "../trial/sandboxFixture";
import { record, type Recording } from "../faults/recording";
import { scenarios } from "../faults/scenarios";
import { type Kill, type KillTarget, killTargets, runKill } from "./killCase";
import { CommandProcess } from "./processes";

/** How many kills, and which. */
export interface KillChoice {
  readonly runs: number;
  /** Decides what is killed, in which command and when. */
  readonly seed: number;
  /** Kill only this. */
  readonly target?: KillTarget;
}

/** Commands that change something, and one that reads. */
const killed = scenarios.filter(({ name }) =>
  ["up", "rotate", "retire", "destroy", "refresh"].includes(name),
);

/**
 * Kills at random moments.
 *
 * @param note receives progress.
 * @param keep receives each kill as soon as it is known where it has led.
 */
export async function runKills(
  { runs, seed, target: only }: KillChoice,
  note: (line: string) => void,
  keep: (kill: Kill) => void,
): Promise<void> {
  const random = new Random(seed);
  const fixture = await SandboxFixture.build(note, ["deployed", "overlap"]);
  try {
    const known = new Map<string, Recording>();
    const durations = new Map<string, number>();
    for (let run = 1; run <= runs; run += 1) {
      const scenario = random.pick(nonEmpty(killed));
      const target = only ?? random.pick(nonEmpty(Object.keys(killTargets) as KillTarget[]));
      const moment = random.next();
      const recording = known.get(scenario.name) ?? (await record(fixture, scenario));
      known.set(scenario.name, recording);
      const isOwnProcess = target === "program" || target === "everything";
      const key = `${scenario.name} ${isOwnProcess ? "process" : "in this process"}`;
      const duration = durations.get(key) ?? (await durationOf(fixture, scenario, isOwnProcess));
      durations.set(key, duration);
      const { expected, secretsBefore } = recording;
      const kill = await runKill({
        fixture,
        scenario,
        target,
        moment,
        seed,
        duration,
        expected,
        secretsBefore,
      });
      keep(kill);
      note(
        `${run} of ${runs}: ${kill.scenario}, ${target} at ${Math.round(moment * 100)} %: ${kill.outcome}${kill.detail === "" ? "" : ` (${kill.detail})`}`,
      );
    }
  } finally {
    await fixture.remove();
  }
}

/** How long a command takes undisturbed, in milliseconds. */
async function durationOf(
  fixture: SandboxFixture,
  scenario: (typeof scenarios)[number],
  isOwnProcess: boolean,
): Promise<number> {
  await fixture.reset(scenario.start);
  if (isOwnProcess) {
    const began = performance.now();
    const config = await fixture.stackFile(scenario.asOf);
    const name = ["destroy", "refresh"].includes(scenario.name) ? scenario.name : "up";
    await CommandProcess.start(fixture.folder, "--config", config, name).exited();
    return performance.now() - began;
  }
  const trial = await fixture.open(scenario.asOf);
  try {
    const began = performance.now();
    await scenario.run(trial);
    return performance.now() - began;
  } finally {
    await trial.close();
  }
}

function nonEmpty<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...others] = list;
  if (first === undefined) throw new RangeError("there is nothing to pick from");
  return [first, ...others];
}
