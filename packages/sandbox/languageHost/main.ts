import "../compileCache";
import { engineGone } from "./engineConnection";
import { startLanguageHost } from "./languageHost";

/** What the engine starts: it says its port on the first line of stdout, and ends with the engine or when it is told to. */
async function main(): Promise<void> {
  const engine = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
  const host = await startLanguageHost(engine === undefined ? {} : { engine });
  const end = (): void => void host.stop().then(() => process.exit(0));
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.stdout.write(`${host.port}\n`);
  if (engine !== undefined) {
    await engineGone(engine);
    end();
  }
}

void main();
