import { Command, Option } from "commander";
import { publishReport } from "../report/record";
import { seedOption, wholeNumber } from "../commandOptions";
import { type FuzzChoice, runFuzz } from "./fuzzRun";
import { fuzzSection } from "./fuzzSection";
import { fuzzTargets } from "./targets";

/** The command that tries bad input. */
export function fuzzCommand(note: (line: string) => void): Command {
  return new Command("fuzz")
    .description("give everything that reads input bad input")
    .option("--cases <number>", "how many inputs", wholeNumber, 100_000)
    .addOption(new Option("--target <name>", "only this").choices(fuzzTargets.map(({ name }) => name)))
    .addOption(seedOption())
    .option("--write", "bring the record up to date", false)
    .action(async ({ write, ...choice }: FuzzChoice & { readonly write: boolean }) => {
      const results = await runFuzz(choice, note);
      if (results.some(({ findings }) => findings.length > 0)) process.exitCode = 7;
      await publishReport(fuzzSection(results), { record: "reliability", section: "fuzz", write });
    });
}
