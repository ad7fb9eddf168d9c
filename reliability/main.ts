import { appendFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { leaveUserSettingsBehind } from "../sandbox/runner/userSettings";
import { faultKinds } from "./faults/faultKinds";
import { runFaultMatrix, type MatrixChoice } from "./faults/faultMatrix";
import { victims } from "./kills/killCase";
import { runKills, type KillChoice } from "./kills/killRuns";
import { subjects } from "./faults/subjects";

leaveUserSettingsBehind(process.env);

const program = new Command("reliability").description("x");
program
  .command("faults")
  .addOption(new Option("--command <name>", "only this command").choices(subjects.map(({ name }) => name)))
  .addOption(new Option("--fault <name>", "only this fault").choices(faultKinds.map(({ name }) => name)))
  .option("--request <text>", "only requests whose operation contains this text")
  .option(
    "--reads <number>",
    "of the cells whose request reads, only so many, chosen by the seed",
    wholeNumber,
  )
  .option("--seed <number>", "seed", wholeNumber, 1)
  .option("--json <file>", "write")
  .action(async (choice: MatrixChoice & { json?: string }) => {
    await runFaultMatrix(choice, note, (cell) => {
      if (choice.json) appendFileSync(choice.json, `${JSON.stringify(cell)}\n`);
    });
  });

program
  .command("kills")
  .option("--runs <number>", "how many", wholeNumber, 200)
  .option("--seed <number>", "seed", wholeNumber, 1)
  .addOption(new Option("--victim <name>", "kill only this").choices(Object.keys(victims)))
  .option("--json <file>", "write")
  .action(async (choice: KillChoice & { json?: string }) => {
    await runKills(choice, note, (kill) => {
      if (choice.json) appendFileSync(choice.json, `${JSON.stringify(kill)}\n`);
    });
  });

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("a whole number from 1 on");
  return number;
}

void program.parseAsync();
