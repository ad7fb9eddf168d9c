import { markdownTable } from "./markdownTable";

/** A goal, what was measured for it, and whether it is met. */
export interface JudgedGoal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Goals as a table. */
export function goalsTable(goals: readonly JudgedGoal[]): string {
  return markdownTable(
    ["what", "goal", "measured", "met"],
    goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? "yes" : "**no**"]),
  );
}

/** Ends the process with 1 when a goal is missed. */
export function exitByGoals(goals: readonly Pick<JudgedGoal, "met">[]): void {
  process.exitCode = goals.every(({ met }) => met) ? 0 : 1;
}
