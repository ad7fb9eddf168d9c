import { Command } from "commander";
import type { BenchRun } from "../benchRun";
import { exitByGoals, goalsTable } from "../report/goal";
import { publishReport } from "../report/record";
import { measureWaits } from "./measureWaits";

/** The command that times `up` and `destroy` with the azuread provider's fixed waits. */
export function waitsCommand(run: BenchRun): Command {
  return new Command("waits")
    .description("time up and destroy with the azuread provider's fixed waits; takes five minutes")
    .option("--write", "bring the record up to date", false)
    .action(({ write }: { readonly write: boolean }) =>
      run(async (options) => {
        const goals = await measureWaits(options);
        exitByGoals(goals);
        await publishReport([goalsTable(goals)], { record: "performance", section: "waits", write });
      }),
    );
}
