import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../fixtures/repository";
import type { BenchContext } from "../benchRun";
import type { JudgedGoal } from "../report/goal";
import { median } from "../speed/median";

/** The main job with the toolchain in place, as a user waits for it. */
export function measureFirstStart({ base, userEnvironment, note }: BenchContext): JudgedGoal {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    note(`npm start on a new sandbox, round ${round + 1} of 3`);
    const folder = join(base, `start-${round}`);
    const began = performance.now();
    const { status, stdout } = spawnSync("npm", ["run", "-s", "sandbox", "--", "--folder", folder, "up"], {
      cwd: projectRoot,
      env: userEnvironment,
      shell: process.platform === "win32",
    });
    if (status !== 0) {
      throw new Error(stdout.toString("utf8"));
    }
    times.push(performance.now() - began);
  }
  const seconds = median(times) / 1000;
  return {
    what: "npm start on a new sandbox",
    measured: `${seconds.toFixed(1)} s`,
    goal: "under 15 s",
    met: seconds < 15,
  };
}
