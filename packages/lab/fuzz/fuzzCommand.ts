import { Command, Option } from "commander";
import { writeReport } from "../report/reliabilityReport";
import { writeResults } from "../report/resultFile";
import { runFuzz, type FuzzChoice } from "./fuzzRun";
import { fuzzTargets } from "./targets";

/**
 * The command that tries bad input.
 *
 * @param seed the option that every command takes its seed from.
 * @param wholeNumber reads a number from 1 on.
 */
export function fuzzCommand(
  seed: Option,
  wholeNumber: (text: string) => number,
  note: (line: string) => void,
): Command {
  return new Command("fuzz")
    .description("give everything that reads input bad input; replaces the results unless a target is named")
    .option("--cases <number>", "how many inputs", wholeNumber, 100_000)
    .addOption(new Option("--target <name>", "only this").choices(fuzzTargets.map(({ name }) => name)))
    .addOption(seed)
    .action(async (choice: FuzzChoice) => {
      const results = await runFuzz(choice, note);
      if (results.some(({ findings }) => findings.length > 0)) process.exitCode = 7;
      if (choice.target !== undefined) return;
      writeResults("fuzz", { sizes: {}, entries: results });
      await writeReport();
    });
}
