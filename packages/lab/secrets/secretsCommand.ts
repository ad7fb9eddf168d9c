import { Command } from "commander";
import { publishReport } from "../report/record";
import { isKnownToLeak } from "./knownLeak";
import { sweepPlainCli } from "./plainScenario";
import { sweepSandbox } from "./sandboxScenario";
import { secretsSection } from "./secretsSection";

/** The command that looks for secrets where they do not belong. */
export function secretsCommand(note: (line: string) => void): Command {
  return new Command("secrets")
    .description("look for every secret in all that commands print, write and start")
    .option("--write", "bring the record up to date", false)
    .action(async ({ write }: { readonly write: boolean }) => {
      const steps = [...(await sweepPlainCli(true, note)), ...(await sweepSandbox(note))];
      const isLeak = steps.some(({ leaks, command }) => leaks.length > 0 && !isKnownToLeak(command));
      if (isLeak) process.exitCode = 7;
      await publishReport(secretsSection(steps), { record: "reliability", section: "secrets", write });
    });
}
