import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { measureSpeed } from "./speed/measureSpeed";
import { printReport } from "./speed/printReport";
import { type SpeedResult, summarise } from "./speed/speedResults";
import { memoryTable, stepsTable } from "./speed/speedTables";

interface BenchOptions {
  readonly clients: readonly number[];
  readonly runs: number;
}

/**
 * `npm run bench`: compares the component with the same resources without it and with an empty program, on the sandbox.
 * @param userEnvironment where the CLI and the plugin cache are looked for
 */
export function benchCommand(userEnvironment: NodeJS.ProcessEnv, note: (line: string) => void): Command {
  return new Command("bench")
    .description("compare the component with the same resources without it and with an empty program")
    .option("--clients <list>", "numbers of clients", wholeNumbers, [1, 10, 50, 200])
    .option("--runs <n>", "runs of each; the medians count", wholeNumber, 5)
    .addHelpText(
      "after",
      `
Timing belongs here and not into a test. Prints tables in Markdown; ratios within one run say more than times.

Example:
  npm run bench -- --clients 1,10 --runs 3`,
    )
    .action(async ({ clients, runs }: BenchOptions) => {
      const base = mkdtempSync(join(tmpdir(), "bench-"));
      try {
        const results: SpeedResult[] = [];
        for (const size of [...clients].sort((one, other) => one - other)) {
          results.push(
            summarise(await measureSpeed({ clients: size, runs }, { base, userEnvironment, note })),
          );
        }
        printReport([
          `Medians of ${runs} ${runs === 1 ? "run" : "runs"}.`,
          "### Every step",
          stepsTable(results),
          "### Memory and state",
          memoryTable(results),
        ]);
      } finally {
        rmSync(base, { recursive: true, force: true });
      }
    });
}

/** Reads a number from 1 on. */
function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) {
    throw new InvalidArgumentError("Give a whole number from 1 up.");
  }
  return Number(text);
}

/** Reads several numbers from 1 on, separated by commas. */
function wholeNumbers(text: string): number[] {
  return text.split(",").map(wholeNumber);
}
