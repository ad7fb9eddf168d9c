import { clearUserSettings } from "entra-sandbox";
import { benchCommand } from "./benchCommand";

const userEnvironment = { ...process.env };
clearUserSettings(process.env);

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

benchCommand(userEnvironment, note)
  .parseAsync()
  .catch((error: unknown) => {
    note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  });
