import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../fixtures/repository";
import type { BenchSurroundings } from "../benchRun";
import type { JudgedGoal } from "../report/goal";
import { ratioGoal } from "./ratioGoal";

/** How often both are measured, in turns. */
const rounds = 14;

/** From the start of Node.js until the program is ready to declare: the language host loads ts-node and the SDK first. */
export function measureProgramStart({ base, note }: BenchSurroundings): JudgedGoal {
  const empty = join(base, "empty.ts");
  writeFileSync(
    empty,
    'import * as pulumi from "@pulumi/pulumi";\nexport = () => ({ version: pulumi.secret });\n',
  );
  const start = (file: string): number => {
    const began = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register", "-r", "@pulumi/pulumi", file],
      {
        cwd: projectRoot,
        env: {
          ...process.env,
          TS_NODE_PROJECT: join(projectRoot, "tsconfig.json"),
          NODE_PATH: join(projectRoot, "node_modules"),
        },
      },
    );
    if (status !== 0) {
      throw new Error(stderr.toString("utf8"));
    }
    return performance.now() - began;
  };
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    note(`start of the program, round ${round + 1} of ${rounds}`);
    theirs.push(start(empty));
    ours.push(start(join(projectRoot, "index.ts")));
  }
  return ratioGoal("start of the program / of an empty program", ours, theirs, 1.2);
}
