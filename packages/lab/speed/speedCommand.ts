import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../sandbox/runner/projectRoot";
import { replaceSection } from "../report/documentSection";
import { describeMachine } from "../report/machine";
import { measureSpeed } from "./measureSpeed";
import { measureWaits } from "./measureWaits";
import { summarise, type SpeedResult } from "./speedResults";
import { goalsTable, judge, memoryTable, provenance, stepsTable } from "./speedTables";
import { writeSpeedPlots } from "./speedPlots";
import type { WorkbenchOptions } from "./speedWorkbench";

/** What the document of the figures is. */
export const performanceDocument = join(projectRoot, "docs", "reference", "performance.md");
/** Where its plots and raw figures are. */
export const performanceFolder = join(projectRoot, "docs", "reference", "performance");

/** What `speed` was asked for. */
export interface SpeedChoices {
  /** Numbers of clients, rising. */
  readonly clients: readonly number[];
  /** Runs of each. */
  readonly runs: number;
  /** Whether to bring the document, its plots and its raw figures up to date. */
  readonly write: boolean;
}

/**
 * Compares the component with the same resources without it and with an empty program, and prints the figures as tables.
 *
 * @returns whether every goal is met.
 */
export async function speedCommand(choices: SpeedChoices, options: WorkbenchOptions): Promise<boolean> {
  const { clients: sizes, runs, write } = choices;
  // Once, because from the second size on the load is this command's own.
  const machine = describeMachine(new Date());
  const measured: SpeedResult[] = [];
  for (const clients of sizes) {
    measured.push(summarise(await measureSpeed({ clients, runs }, options), machine));
    // After every size, so that a run which is cut short has not been for nothing.
    if (write) await writeResults(measured);
  }
  process.stdout.write(`${speedReport(measured)}\n`);
  return judge(measured).every(({ met }) => met);
}

function speedReport(results: readonly SpeedResult[]): string {
  return [
    provenance(results),
    "### Goals",
    goalsTable(judge(results)),
    "### Every step",
    stepsTable(results),
    "### Memory and state",
    memoryTable(results),
  ].join("\n\n");
}

/** Brings the document, its plots and its raw figures up to date; sizes that were not measured now stay as they are. */
async function writeResults(measured: readonly SpeedResult[]): Promise<void> {
  const file = join(performanceFolder, "speed.json");
  const stored = JSON.parse(await readFile(file, "utf8")) as readonly SpeedResult[];
  const kept = stored.filter(({ clients }) => measured.every((one) => one.clients !== clients));
  const results = [...kept, ...measured].sort((one, other) => one.clients - other.clients);
  await replaceSection(performanceDocument, "speed", speedReport(results));
  await writeSpeedPlots(performanceFolder, results);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * Times `up` and `destroy` with the provider's fixed waits.
 *
 * @returns whether every goal is met.
 */
export async function waitsCommand(write: boolean, options: WorkbenchOptions): Promise<boolean> {
  const { table, met } = await measureWaits(options);
  const report = `${describeMachine(new Date())}\n\n${table}`;
  process.stdout.write(`${report}\n`);
  if (write) {
    await replaceSection(performanceDocument, "waits", report);
  }
  return met;
}
