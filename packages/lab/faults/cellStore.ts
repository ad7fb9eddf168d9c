import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { labFolder } from "../labFolder";
import type { Cell } from "./faultCell";

/** What is known of the matrix: it takes hours, so its cells are run one part after the other. */
export interface KnownCells {
  /** How many cells each command has altogether. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly cells: readonly Cell[];
}

/** Not under version control: the record has the tables. */
const file = join(labFolder, "results", "faults.json");

/** The cells that were run so far. */
export function knownCells(): KnownCells {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as KnownCells) : { sizes: {}, cells: [] };
}

/** Adds a cell, in the place of an earlier result. */
export function keepCell(cell: Cell, size: number): void {
  const { sizes, cells } = knownCells();
  const others = cells.filter((one) => keyOf(one) !== keyOf(cell));
  const known: KnownCells = {
    sizes: { ...sizes, [cell.scenario]: size },
    cells: [...others, cell].sort((one, other) => keyOf(one).localeCompare(keyOf(other))),
  };
  mkdirSync(dirname(file), { recursive: true });
  // Several runs may add to the results at the same time.
  const beside = `${file}.${process.pid}.next`;
  writeFileSync(beside, JSON.stringify(known));
  renameSync(beside, file);
}

/** What tells a cell from others. */
export function keyOf({
  scenario,
  operation,
  version,
  fault,
}: Pick<Cell, "scenario" | "operation" | "version" | "fault">): string {
  return `${scenario} ${operation} ${version ?? ""} ${fault}`;
}
