import { Random } from "../random";
import { SandboxFixture } from "../trial/sandboxFixture";
import { type Cell, runCell } from "./faultCell";
import { type FaultKind, faultKinds } from "./faultKinds";
import { record, type RequestKind } from "./recording";
import { scenarios } from "./scenarios";

/** Which part of the matrix to run. */
export interface MatrixChoice {
  /** Only this command. */
  readonly command?: string;
  /** Only this fault. */
  readonly fault?: string;
  /** Only requests whose operation contains this text. */
  readonly request?: string;
  /** Of the cells whose request reads, only so many, chosen by the seed. */
  readonly reads?: number;
  /** Which of the requests of one kind is hit, from 1; default: chosen by the seed, for each cell by itself. */
  readonly nth?: number;
  /** Decides which of several requests of one kind is hit, and which reads are chosen. */
  readonly seed: number;
}

/**
 * Runs every request of every command with every fault.
 *
 * @param note receives progress.
 * @param keep receives each cell as soon as it is known, and how many its command has altogether.
 */
export async function runFaultMatrix(
  choice: MatrixChoice,
  note: (line: string) => void,
  keep: (cell: Cell, size: number) => void,
): Promise<void> {
  const chosen = scenarios.filter(({ name }) => choice.command === undefined || name === choice.command);
  const faults = faultKinds.filter(({ name }) => choice.fault === undefined || name === choice.fault);
  const fixture = await SandboxFixture.build(
    note,
    chosen.map(({ start }) => start),
  );
  try {
    const random = new Random(choice.seed);
    const planned = [];
    for (const scenario of chosen) {
      note(`Recording the requests of ${scenario.name}`);
      const recording = await record(fixture, scenario);
      const requests = recording.requests.filter(({ operation }) => operation.includes(choice.request ?? ""));
      for (const request of requests) {
        for (const fault of faults) {
          const skip = skipOf(choice, request, fault);
          planned.push({ fixture, scenario, recording, request, fault, skip });
        }
      }
    }
    const reads = planned.filter(({ request }) => !request.changes);
    const left = new Set(choice.reads === undefined ? [] : without(reads, choice.reads, random));
    const running = planned.filter((parts) => !left.has(parts));
    for (const [index, parts] of running.entries()) {
      const cell = await runCell(parts);
      keep(cell, parts.recording.requests.length * faultKinds.length);
      note(
        `${index + 1} of ${running.length}: ${cell.scenario}, ${cell.operation} ${cell.version ?? ""} no. ${cell.nth}, ${cell.fault}: ${cell.outcome}${cell.detail === "" ? "" : ` (${cell.detail})`}`,
      );
    }
  } finally {
    await fixture.remove();
  }
}

/** How many requests are let through first. */
function skipOf({ seed, nth }: MatrixChoice, request: RequestKind, fault: FaultKind): number {
  // An outage begins with the first request of its kind.
  if (fault.times > 1) return 0;
  if (nth !== undefined) return Math.min(nth, request.count) - 1;
  const key = `${request.operation} ${request.version ?? ""} ${fault.name}`;
  const mixed = [...key].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), seed);
  return new Random(mixed).below(request.count);
}

/** What remains of a list when so many have been taken out by chance. */
function without<T>(all: readonly T[], taken: number, random: Random): T[] {
  return all
    .map((item) => ({ item, rank: random.next() }))
    .sort((one, other) => one.rank - other.rank)
    .slice(taken)
    .map(({ item }) => item);
}
