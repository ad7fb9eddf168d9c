import { Command } from "commander";
import { writeReport } from "../report/reliabilityReport";
import { writeResults } from "../report/resultFile";
import { isKnownToLeak } from "./knownLeak";
import { sweepPlainCli } from "./plainScenario";
import { sweepSandbox } from "./sandboxScenario";

/** The command that looks for secrets where they do not belong. */
export function secretsCommand(note: (line: string) => void): Command {
  return new Command("secrets")
    .description("look for every secret in all that commands print, write and start; replaces the results")
    .action(async () => {
      const steps = [...(await sweepPlainCli(true, note)), ...(await sweepSandbox(note))];
      const isLeak = steps.some(({ leaks, command }) => leaks.length > 0 && !isKnownToLeak(command));
      if (isLeak) process.exitCode = 7;
      writeResults("secrets", { sizes: {}, entries: steps });
      await writeReport();
    });
}
