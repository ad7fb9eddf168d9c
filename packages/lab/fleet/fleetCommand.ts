import { relative } from "node:path";
import { Command } from "commander";
import type { BenchRun } from "../benchRun";
import { wholeNumber } from "../commandOptions";
import { markdownTable } from "../report/markdownTable";
import { publishReport } from "../report/record";
import { longestConfiguration } from "./configurationSize";
import { dryRun } from "./dryRun";
import { writeFleet } from "./writeFleet";

interface FleetOptions {
  readonly clients: number;
  readonly stacks: number;
  readonly prefix: string;
  readonly dicomService?: string;
  readonly out?: string;
  readonly preview: boolean;
  readonly write: boolean;
}

/** The command that writes a fleet's stack files, previews it on the sandbox, or both. */
export function fleetCommand(run: BenchRun, note: (line: string) => void): Command {
  return new Command("fleet")
    .description("write the stack files of a large fleet, preview it on the sandbox, or both")
    .requiredOption("--clients <n>", "clients of the fleet", wholeNumber)
    .option("--stacks <n>", "stacks that they are spread over", wholeNumber, 1)
    .option("--prefix <name>", "what the stacks' names start with", "fleet")
    .option("--dicom-service <id>", "resource id of the clients' DICOM service (default: the sandbox's)")
    .option("--out <folder>", "write the stack files into this folder; none is written over")
    .option("--preview", "preview all clients in one stack, as new and as deployed", false)
    .option("--write", "bring the record up to date with the preview", false)
    .action(async ({ out, preview, write, ...plan }: FleetOptions, command: Command) => {
      if (out === undefined && !preview) command.error("error: give --out, --preview or both");
      if (out !== undefined) {
        const written = await writeFleet(out, plan);
        const rows = written.map(({ stack, clients, file, configurationBytes }) => [
          stack,
          clients,
          `${Math.ceil((100 * configurationBytes) / longestConfiguration)} %`,
          relative(process.cwd(), file),
        ]);
        const head = ["stack", "clients", "of the longest configuration", "file"];
        process.stdout.write(`${markdownTable(head, rows)}\n`);
        if (written.some(({ configurationBytes }) => configurationBytes > longestConfiguration)) {
          note(
            "A stack's configuration is longer than a program can be started with on Linux. Give more --stacks.",
          );
        }
      }
      if (preview) {
        await run(async (options) =>
          publishReport([await dryRun(plan.clients, options)], {
            record: "performance",
            section: "fleet",
            write,
          }),
        );
      }
    });
}
