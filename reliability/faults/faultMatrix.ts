import { Random } from "../random";
import { TestBed } from "../bed/testBed";
import { runCell, type Cell } from "./faultCell";
import { faultKinds } from "./faultKinds";
import { record } from "./recording";
import { subjects } from "./subjects";

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
  /** Decides which of several requests of one kind is hit, and which reads are chosen. */
  readonly seed: number;
}

/** The cells that were run. */
export interface Matrix {
  /** How many cells the choice has altogether. */
  readonly size: number;
  readonly cells: readonly Cell[];
}

/**
 * Runs every request of every command with every fault.
 *
 * @param note receives progress.
 * @param keep receives each cell as soon as it is known.
 */
export async function runFaultMatrix(
  choice: MatrixChoice,
  note: (line: string) => void,
  keep: (cell: Cell) => void,
): Promise<Matrix> {
  const chosen = subjects.filter(({ name }) => choice.command === undefined || name === choice.command);
  const faults = faultKinds.filter(({ name }) => choice.fault === undefined || name === choice.fault);
  const bed = await TestBed.build(
    note,
    chosen.map(({ start }) => start),
  );
  try {
    const random = new Random(choice.seed);
    const planned = [];
    for (const subject of chosen) {
      note(`Recording the requests of ${subject.name}`);
      const recording = await record(bed, subject);
      const requests = recording.requests.filter(({ operation }) => operation.includes(choice.request ?? ""));
      for (const request of requests) {
        for (const fault of faults) {
          // An outage begins with the first request of its kind.
          const skip = fault.times > 1 ? 0 : random.below(request.count);
          planned.push({ bed, subject, recording, request, fault, skip });
        }
      }
    }
    const reads = planned.filter(({ request }) => !request.changes);
    const left = new Set(choice.reads === undefined ? [] : without(reads, choice.reads, random));
    const running = planned.filter((parts) => !left.has(parts));
    const cells: Cell[] = [];
    for (const parts of running) {
      const cell = await runCell(parts);
      cells.push(cell);
      keep(cell);
      note(
        `${cells.length} of ${running.length}: ${cell.subject}, ${cell.operation} ${cell.version ?? ""} no. ${cell.nth}, ${cell.fault}: ${cell.outcome}${cell.detail === "" ? "" : ` (${cell.detail})`}`,
      );
    }
    return { size: planned.length, cells };
  } finally {
    await bed.remove();
  }
}

/** What remains of a list when so many have been taken out by chance. */
function without<T>(all: readonly T[], taken: number, random: Random): T[] {
  return all
    .map((item) => ({ item, rank: random.next() }))
    .sort((one, other) => one.rank - other.rank)
    .slice(taken)
    .map(({ item }) => item);
}
