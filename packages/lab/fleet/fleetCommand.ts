import { relative } from "node:path";
import { markdownTable } from "../report/markdownTable";
import { describeMachine } from "../report/machine";
import { replaceSection } from "../report/documentSection";
import { performanceDocument } from "../speed/speedCommand";
import type { WorkbenchOptions } from "../speed/speedWorkbench";
import { longestConfiguration } from "./configurationSize";
import { dryRun } from "./dryRun";
import { writeFleet } from "./writeFleet";

/** What `fleet` was asked for. */
export interface FleetChoices {
  readonly clients: number;
  readonly stacks: number;
  readonly prefix: string;
  readonly dicomService?: string;
  /** Folder for the stack files; absent for none. */
  readonly out?: string;
  /** Whether to preview the fleet on the sandbox, in one stack. */
  readonly preview: boolean;
  /** Whether to bring the document up to date with the preview. */
  readonly write: boolean;
}

/** Writes a fleet's stack files, previews it on the sandbox, or both. */
export async function fleetCommand(choices: FleetChoices, options: WorkbenchOptions): Promise<void> {
  if (choices.out !== undefined) {
    const written = await writeFleet(choices.out, choices);
    const rows = written.map(({ stack, clients, file, configurationBytes }) => [
      stack,
      String(clients),
      `${Math.ceil((100 * configurationBytes) / longestConfiguration)} %`,
      relative(process.cwd(), file),
    ]);
    const head = ["stack", "clients", "of the longest configuration", "file"];
    process.stdout.write(`${markdownTable(head, rows)}\n`);
    if (written.some(({ configurationBytes }) => configurationBytes > longestConfiguration)) {
      options.note(
        "A stack's configuration is longer than a program can be started with on Linux. Give more --stacks.",
      );
    }
  }
  if (choices.preview) {
    const report = `${describeMachine(new Date())}\n\n${await dryRun(choices.clients, options)}`;
    process.stdout.write(`${report}\n`);
    if (choices.write) {
      await replaceSection(performanceDocument, "fleet", report);
    }
  }
}
