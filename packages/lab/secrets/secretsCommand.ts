import { Command } from "commander";
import { printReport } from "../report/printReport";
import { isKnownToLeak } from "./knownLeak";
import { sweepPlainCli } from "./plainScenario";
import { sweepSandbox } from "./sandboxScenario";
import { secretsSection } from "./secretsSection";

/** The command that looks for secrets where they do not belong. */
export function secretsCommand(note: (line: string) => void): Command {
  return new Command("secrets")
    .description("look for every secret in all that commands print, write and start")
    .action(async () => {
      const steps = [...(await sweepPlainCli(true, note)), ...(await sweepSandbox(note))];
      const isLeak = steps.some(({ leaks, command }) => leaks.length > 0 && !isKnownToLeak(command));
      if (isLeak) process.exitCode = 7;
      printReport(secretsSection(steps));
    });
}
