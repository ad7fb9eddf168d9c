import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../sandbox/runner/projectRoot";
import { replaceSection } from "../documentSection";
import { describeMachine } from "../machine";
import { measureSpeed } from "./measureSpeed";
import { measureWaits } from "./measureWaits";
import { summarise, type SpeedResult } from "./speedResults";
import { goalsTable, judge, memoryTable, stepsTable } from "./speedTables";
import { writeSpeedPlots } from "./speedPlots";
import type { WorkbenchOptions } from "./speedWorkbench";

/** What the document of the figures is. */
export const performanceDocument = join(projectRoot, "docs", "performance.md");
/** Where its plots and raw figures are. */
export const performanceFolder = join(projectRoot, "docs", "performance");

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
  const machine = describeMachine(new Date());
  const runs = `Medians of ${choices.runs} ${choices.runs === 1 ? "run" : "runs"}.`;
  const results: SpeedResult[] = [];
  let report = "";
  for (const clients of choices.clients) {
    results.push(summarise(await measureSpeed({ clients, runs: choices.runs }, options)));
    report = [
      `${machine} ${runs}`,
      "### Goals",
      goalsTable(judge(results)),
      "### Every step",
      stepsTable(results),
      "### Memory and state",
      memoryTable(results),
    ].join("\n\n");
    if (choices.write) {
      // After every size, so that a run which is cut short has not been for nothing.
      await replaceSection(performanceDocument, "speed", report);
      await writeSpeedPlots(performanceFolder, results);
      await writeFile(
        join(performanceFolder, "speed.json"),
        `${JSON.stringify({ machine, runs: choices.runs, results }, null, 2)}\n`,
      );
    }
  }
  process.stdout.write(`${report}\n`);
  return judge(results).every(({ met }) => met);
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
