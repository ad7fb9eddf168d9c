import { Command } from "commander";
import { faultsCommand } from "./faults/faultsCommand";
import { killsCommand } from "./kills/killsCommand";
import { secretsCommand } from "./secrets/secretsCommand";

/** `npm run reliability`: tries what may go wrong, in sandboxes of its own. */
export function reliabilityCommand(note: (line: string) => void): Command {
  return new Command("reliability")
    .description("try faults and kills, and look for secrets, in sandboxes of its own; on Linux")
    .addHelpText(
      "after",
      `
Examples:
  npm run reliability -- faults                            every request times every fault; hours
  npm run reliability -- faults --reads 100                every change, and 100 of the cells that read
  npm run reliability -- faults --command up --fault cut-after
  npm run reliability -- kills --runs 200 --seed 1
  npm run reliability -- secrets                           every command, searched for secrets

Each prints its report in Markdown, for packages/lab/records/reliability.md.
Exit codes: 0 everything came through, 1 failed, 7 something that is promised was not kept.`,
    )
    .addCommand(faultsCommand(note))
    .addCommand(killsCommand(note))
    .addCommand(secretsCommand(note));
}
