import { Command, Option } from "commander";
import { seedOption, wholeNumber } from "../commandOptions";
import { publishReport } from "../report/record";
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
    .option("--write", "bring the record up to date", false)
    .action(async ({ write, ...choice }: KillChoice & { readonly write: boolean }) => {
      const kills: Kill[] = [];
      await runKills(choice, note, (kill) => {
        kills.push(kill);
        if (kill.outcome === "failed") process.exitCode = 7;
      });
      await publishReport(killSection(kills), { record: "reliability", section: "kills", write });
    });
}
