import { Command, Option } from "commander";
import { seedOption, wholeNumber } from "../commandOptions";
import { printReport } from "../report/printReport";
import type { Cell } from "./faultCell";
import { faultKinds } from "./faultKinds";
import { type MatrixChoice, runFaultMatrix } from "./faultMatrix";
import { faultSection } from "./faultSection";
import { scenarios } from "./scenarios";

/** The command that hits requests with faults. */
export function faultsCommand(note: (line: string) => void): Command {
  return new Command("faults")
    .description("hit every request of every command with every fault")
    .addOption(new Option("--command <name>", "only this command").choices(scenarios.map(({ name }) => name)))
    .addOption(new Option("--fault <name>", "only this fault").choices(faultKinds.map(({ name }) => name)))
    .option("--request <text>", "only requests whose operation contains this text")
    .option(
      "--nth <number>",
      "hit this one of several requests of a kind (default: chosen by the seed)",
      wholeNumber,
    )
    .option(
      "--reads <number>",
      "of the cells whose request reads, only so many, chosen by the seed",
      wholeNumber,
    )
    .addOption(seedOption())
    .action(async (choice: MatrixChoice) => {
      const cells: Cell[] = [];
      const sizes: Record<string, number> = {};
      await runFaultMatrix(choice, note, (cell, size) => {
        cells.push(cell);
        sizes[cell.scenario] = size;
        if (cell.outcome === "failed") process.exitCode = 7;
      });
      printReport(faultSection({ sizes, cells }));
    });
}
