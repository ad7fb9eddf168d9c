import { Command } from "commander";
import { wholeNumber, wholeNumbers } from "../commandOptions";
import { exitByGoals, goalsTable } from "../report/goal";
import { publishReport } from "../report/record";
import { measureSpeed } from "./measureSpeed";
import { type SpeedResult, summarise } from "./speedResults";
import { judge, memoryTable, speedCharts, stepsTable } from "./speedTables";
import type { BenchRun } from "../benchRun";

interface SpeedOptions {
  readonly clients: readonly number[];
  readonly runs: number;
  readonly write: boolean;
}

/** The command that compares the component with the same resources without it and with an empty program. */
export function speedCommand(run: BenchRun): Command {
  return new Command("speed")
    .description("compare the component with the same resources without it and with an empty program")
    .option("--clients <list>", "numbers of clients", wholeNumbers, [1, 10, 50, 200])
    .option("--runs <n>", "runs of each; the medians count", wholeNumber, 5)
    .option("--write", "bring the record up to date", false)
    .action(({ clients, runs, write }: SpeedOptions) =>
      run(async (options) => {
        const results: SpeedResult[] = [];
        for (const size of [...clients].sort((one, other) => one - other)) {
          results.push(summarise(await measureSpeed({ clients: size, runs }, options)));
        }
        const goals = judge(results);
        exitByGoals(goals);
        await publishReport(
          [
            `Medians of ${runs} ${runs === 1 ? "run" : "runs"}.`,
            "### Goals",
            goalsTable(goals),
            "### Every step",
            stepsTable(results),
            "### Memory and state",
            memoryTable(results),
            ...speedCharts(results),
          ],
          { record: "performance", section: "speed", write },
        );
      }),
    );
}
