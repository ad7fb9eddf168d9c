import type { JudgedGoal } from "../report/goal";
import { median } from "../speed/median";

/** A goal for how many times as long one thing takes as another, by the medians of their times in milliseconds. */
export function ratioGoal(
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  most: number,
): JudgedGoal {
  const value = median(ours) / median(theirs);
  return {
    what,
    goal: `at most ${most}`,
    measured: `${value.toFixed(2)} (${seconds(ours)} / ${seconds(theirs)})`,
    met: value <= most,
  };
}

function seconds(times: readonly number[]): string {
  return `${(median(times) / 1000).toFixed(2)} s`;
}
