import { Command, InvalidArgumentError, Option } from "commander";
import { leaveUserSettingsBehind } from "../sandbox/runner/userSettings";
import type { Cell } from "./faults/faultCell";
import { faultKinds } from "./faults/faultKinds";
import { runFaultMatrix, type MatrixChoice } from "./faults/faultMatrix";
import { subjects } from "./faults/scenarios";
import { fuzzCommand } from "./fuzz/fuzzCommand";
import { victims, type Kill } from "./kills/killCase";
import { runKills, type KillChoice } from "./kills/killRuns";
import { readResults, writeResults } from "./report/resultFile";
import { writeReport } from "./report/reliabilityReport";
import { secretsCommand } from "./secrets/secretsCommand";

leaveUserSettingsBehind(process.env);

const program = new Command("reliability")
  .description(
    "Tries faults, kills and bad input, looks for secrets, in sandboxes of its own, and writes docs/reference/reliability.md. Runs on Linux.",
  )
  .showHelpAfterError("(add --help for what there is)")
  .addHelpText(
    "after",
    `
Examples:
  npm run reliability -- faults                            every request times every fault; hours
  npm run reliability -- faults --reads 100                every change, and 100 of the cells that read
  npm run reliability -- faults --command up --fault cut-after
  npm run reliability -- kills --runs 200 --seed 1
  npm run reliability -- secrets                           every command, searched for secrets
  npm run reliability -- fuzz --cases 100000 --seed 1      bad input for all that reads input
  npm run reliability -- report                            writes the document anew from the results

Results are added to packages/lab/report; a cell that is run again replaces the one before.
Exit codes: 0 everything came through, 1 failed, 7 something fell short.`,
  );

program
  .command("faults")
  .description("hit every request of every command with every fault")
  .addOption(new Option("--command <name>", "only this command").choices(subjects.map(({ name }) => name)))
  .addOption(new Option("--fault <name>", "only this fault").choices(faultKinds.map(({ name }) => name)))
  .option("--request <text>", "only requests whose operation contains this text")
  .option(
    "--nth <number>",
    "hit this one of several requests of a kind (default: chosen by the seed)",
    wholeNumber,
  )
  .option(
    "--reads <number>",
    "of the cells whose request reads, only so many, chosen by the seed",
    wholeNumber,
  )
  .option("--resume", "leave out the cells that have a result already")
  .addOption(seedOption())
  .action(async ({ resume = false, ...choice }: MatrixChoice & { resume?: boolean }) => {
    const earlier = readResults<Cell>("faults")?.entries ?? [];
    const known = new Set(resume ? earlier.map(keyOf) : []);
    await runFaultMatrix({ ...choice, isKnown: (cell) => known.has(keyOf(cell)) }, note, (cell, size) => {
      const { sizes = {}, entries = [] } = readResults<Cell>("faults") ?? {};
      const others = entries.filter((entry) => keyOf(entry) !== keyOf(cell));
      writeResults("faults", {
        sizes: { ...sizes, [cell.subject]: size },
        entries: [...others, cell].sort((one, other) => keyOf(one).localeCompare(keyOf(other))),
      });
      reportOutcome(cell.outcome);
    });
    await writeReport();
  });

program
  .command("kills")
  .description("kill engine, program, tenant or all at random moments; replaces the results of the same seed")
  .option("--runs <number>", "how many", wholeNumber, 200)
  .addOption(new Option("--victim <name>", "kill only this").choices(Object.keys(victims)))
  .addOption(seedOption())
  .action(async (choice: KillChoice) => {
    const kills: Kill[] = [];
    await runKills(choice, note, (kill) => {
      kills.push(kill);
      const others = (readResults<Kill>("kills")?.entries ?? []).filter(({ seed }) => seed !== choice.seed);
      const entries = [...others, ...kills].sort((one, other) => one.seed - other.seed);
      writeResults("kills", { sizes: {}, entries });
      reportOutcome(kill.outcome);
    });
    await writeReport();
  });

program.addCommand(secretsCommand(note));
program.addCommand(fuzzCommand(seedOption(), wholeNumber, note));

program
  .command("report")
  .description("write docs/reference/reliability.md from the results that there are")
  .action(() => writeReport());

function keyOf({
  subject,
  operation,
  version,
  fault,
}: Pick<Cell, "subject" | "operation" | "version" | "fault">): string {
  return `${subject} ${operation} ${version ?? ""} ${fault}`;
}

function reportOutcome(outcome: Cell["outcome"] | Kill["outcome"]): void {
  if (outcome === "short") process.exitCode = 7;
}

function seedOption(): Option {
  return new Option("--seed <number>", "decides everything that is left to chance")
    .argParser(wholeNumber)
    .default(1);
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError("it is a whole number from 1 on");
  }
  return number;
}

program.parseAsync().catch((error: unknown) => {
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
