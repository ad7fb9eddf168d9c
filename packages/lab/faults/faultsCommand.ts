import { Command, Option } from "commander";
import { seedOption, wholeNumber } from "../commandOptions";
import { publishReport } from "../report/record";
import { keepCell, keyOf, knownCells } from "./cellStore";
import { faultKinds } from "./faultKinds";
import { type MatrixChoice, runFaultMatrix } from "./faultMatrix";
import { faultSection } from "./faultSection";
import { scenarios } from "./scenarios";

/** What the command line adds to the choice. */
interface FaultsOptions extends MatrixChoice {
  readonly resume: boolean;
  readonly write: boolean;
}

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
    .option("--resume", "leave out the cells that have a result already", false)
    .addOption(seedOption())
    .option("--write", "bring the record up to date with all results that there are", false)
    .action(async ({ resume, write, ...choice }: FaultsOptions) => {
      const known = new Set(resume ? knownCells().cells.map(keyOf) : []);
      await runFaultMatrix({ ...choice, isKnown: (cell) => known.has(keyOf(cell)) }, note, (cell, size) => {
        keepCell(cell, size);
        if (cell.outcome === "failed") process.exitCode = 7;
      });
      await publishReport(faultSection(knownCells()), { record: "reliability", section: "faults", write });
    });
}
