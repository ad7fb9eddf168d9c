import { Command } from "commander";
import { clearUserSettings } from "entra-sandbox";
import { benchCommand } from "./benchCommand";
import { reliabilityCommand } from "./reliabilityCommand";

const userEnvironment = { ...process.env };
clearUserSettings(process.env);

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

const program = new Command("lab")
  .description("Measures this repository, and tries what may go wrong with it.")
  .addCommand(benchCommand(userEnvironment, note))
  .addCommand(reliabilityCommand(note));

program.parseAsync().catch((error: unknown) => {
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
