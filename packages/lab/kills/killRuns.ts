import { Random } from "../random";
import { TestBed } from "../trial/sandboxFixture";
import { record, type Recording } from "../faults/recording";
import { subjects } from "../faults/scenarios";
import { runKill, victims, type Kill, type Victim } from "./killCase";
import { CommandProcess } from "./processes";

/** How many kills, and which. */
export interface KillChoice {
  readonly runs: number;
  /** Decides what is killed, in which command and when. */
  readonly seed: number;
  /** Kill only this. */
  readonly victim?: Victim;
}

/** Commands that change something, and one that reads. */
const killed = subjects.filter(({ name }) => ["up", "rotate", "retire", "destroy", "refresh"].includes(name));

/**
 * Kills at random moments.
 *
 * @param note receives progress.
 * @param keep receives each kill as soon as it is known where it has led.
 */
export async function runKills(
  { runs, seed, victim: only }: KillChoice,
  note: (line: string) => void,
  keep: (kill: Kill) => void,
): Promise<void> {
  const random = new Random(seed);
  const bed = await TestBed.build(note, ["deployed", "overlap"]);
  try {
    const known = new Map<string, Recording>();
    const durations = new Map<string, number>();
    for (let run = 1; run <= runs; run += 1) {
      const subject = random.pick(some(killed));
      const victim = only ?? random.pick(some(Object.keys(victims) as Victim[]));
      const moment = random.next();
      const recording = known.get(subject.name) ?? (await record(bed, subject));
      known.set(subject.name, recording);
      const isOwnProcess = victim === "program" || victim === "everything";
      const key = `${subject.name} ${isOwnProcess ? "process" : "in this process"}`;
      const duration = durations.get(key) ?? (await durationOf(bed, subject, isOwnProcess));
      durations.set(key, duration);
      const { goal, secretsBefore } = recording;
      const kill = await runKill({ bed, subject, victim, moment, seed, duration, goal, secretsBefore });
      keep(kill);
      note(
        `${run} of ${runs}: ${kill.subject}, ${victim} at ${Math.round(moment * 100)} %: ${kill.outcome}${kill.detail === "" ? "" : ` (${kill.detail})`}`,
      );
    }
  } finally {
    await bed.remove();
  }
}

/** How long a command takes undisturbed, in milliseconds. */
async function durationOf(
  bed: TestBed,
  subject: (typeof subjects)[number],
  isOwnProcess: boolean,
): Promise<number> {
  await bed.reset(subject.start);
  if (isOwnProcess) {
    const began = performance.now();
    const config = await bed.stackFile(subject.asOf);
    const name = ["destroy", "refresh"].includes(subject.name) ? subject.name : "up";
    await CommandProcess.start(bed.folder, "--config", config, name).gone();
    return performance.now() - began;
  }
  const trial = await bed.open(subject.asOf);
  try {
    const began = performance.now();
    await subject.run(trial);
    return performance.now() - began;
  } finally {
    await trial.close();
  }
}

function some<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...others] = list;
  if (first === undefined) throw new RangeError("there is nothing to pick from");
  return [first, ...others];
}
