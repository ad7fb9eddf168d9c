import { Argument, Command } from "commander";
import { benchRun, type BenchContext } from "./benchRun";
import { fleetCommand } from "./fleet/fleetCommand";
import { measureLargeAudit } from "./goals/auditGoals";
import { measureFirstStart } from "./goals/firstStartGoal";
import { measureTemplatePreview } from "./goals/templateGoal";
import { exitByGoals, goalsTable, type JudgedGoal } from "./report/goal";
import { publishReport } from "./report/record";
import { speedCommand } from "./speed/speedCommand";
import { waitsCommand } from "./speed/waitsCommand";

/** What is measured against a goal of its own, by the names that `npm run bench -- <name>` takes. */
const measurements: Readonly<
  Record<string, (context: BenchContext) => Promise<JudgedGoal | readonly JudgedGoal[]> | JudgedGoal>
> = {
  start: measureFirstStart,
  audit: measureLargeAudit,
  template: measureTemplatePreview,
};

/** `npm run bench`: measures this project on the sandbox. */
export function benchCommand(context: Omit<BenchContext, "base">): Command {
  const run = benchRun(context);
  const names = Object.keys(measurements);
  return new Command("bench")
    .description("measure this project on the sandbox; timing belongs here and not into a test")
    .addArgument(
      new Argument("[measurements...]", "those with a goal of their own; default all").choices(names),
    )
    .addHelpText(
      "after",
      `
Examples:
  npm run bench -- audit                           one of the measurements with a goal of its own
  npm run bench -- speed --clients 1,10 --runs 3   the component against plain resources and an empty program
  npm run bench -- fleet --clients 1000 --stacks 8 --out fleet
  npm run bench -- fleet --clients 1000 --preview

Each prints its report. With --write that of speed, waits and fleet goes into packages/lab/records/performance.md, too.
Exit codes: 0 every goal that is judged is met, 1 failed or a goal is missed.`,
    )
    .action((chosen: readonly string[]) =>
      run(async (started) => {
        const goals: JudgedGoal[] = [];
        for (const name of names.filter((one) => chosen.length === 0 || chosen.includes(one))) {
          goals.push(...[(await measurements[name]?.(started)) ?? []].flat());
        }
        exitByGoals(goals);
        await publishReport([goalsTable(goals)]);
      }),
    )
    .addCommand(speedCommand(run))
    .addCommand(waitsCommand(run))
    .addCommand(fleetCommand(run, context.note));
}
