import { Command, Option } from "commander";
import { seedOption, wholeNumber } from "../commandOptions";
import { printReport } from "../report/printReport";
import { type Kill, killTargets } from "./killCase";
import { type KillChoice, runKills } from "./killRuns";
import { killSection } from "./killSection";

/** The command that kills at random moments. */
export function killsCommand(note: (line: string) => void): Command {
  return new Command("kills")
    .description("kill engine, program, tenant or all at random moments")
    .option("--runs <number>", "how many", wholeNumber, 200)
    .addOption(new Option("--target <name>", "kill only this").choices(Object.keys(killTargets)))
    .addOption(seedOption())
    .action(async (choice: KillChoice) => {
      const kills: Kill[] = [];
      await runKills(choice, note, (kill) => {
        kills.push(kill);
        if (kill.outcome === "failed") process.exitCode = 7;
      });
      printReport(killSection(kills));
    });
}
