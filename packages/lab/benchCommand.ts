import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { Command, InvalidArgumentError } from "commander";
import { projectRoot } from "../sandbox/runner/projectRoot";
import { SandboxFolder } from "../sandbox/runner/sandboxFolder";
import { withSession, type SessionOptions } from "../sandbox/runner/session";
import { leaveUserSettingsBehind } from "../sandbox/runner/userSettings";
import { projectName, stackName } from "../sandbox/runner/workspace";
import { ensurePulumiCli } from "../sandbox/toolchain/pulumiCli";
import { pulumiCommand } from "../sandbox/toolchain/pulumiCommand";
import { fleetCommand, type FleetChoices } from "./fleet/fleetCommand";
import { runPreview, type PreviewJob } from "./goals/previewJob";
import { measureAudit } from "./goals/measureAudit";
import { median } from "./speed/median";
import { speedCommand, waitsCommand } from "./speed/speedCommand";

/** How often everything is measured; the median counts. Rounds interleave, so that a busy machine slows all alike. */
const rounds = 7;

/** One goal and what was measured for it. */
interface Result {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly met: boolean;
}

const userEnvironment = { ...process.env };
leaveUserSettingsBehind(process.env);

const numbers = (text: string): number[] => text.split(",").map(wholeNumber);

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) {
    throw new InvalidArgumentError("Give whole numbers from 1 up.");
  }
  return Number(text);
}

const program = new Command("bench")
  .description("Measures this project on the sandbox. Timing belongs here and not into a test.")
  .argument("[measurements...]", "preview, program, start, audit; default all of these")
  .addHelpText(
    "after",
    `
Examples:
  npm run bench -- audit                           one of the measurements with a goal of its own
  npm run bench -- speed --clients 1,10 --runs 3   the component against plain resources and an empty program
  npm run bench -- fleet --clients 1000 --stacks 8 --out fleet
  npm run bench -- fleet --clients 1000 --preview

Exit codes: 0 every goal that is judged is met, 1 failed or a goal is missed.`,
  )
  .showHelpAfterError("(add --help for what there is)")
  .action((chosen: readonly string[]) => inFolder((base) => measureGoals(base, chosen)));

program
  .command("speed")
  .description("compare the component with the same resources without it and with an empty program")
  .option("--clients <list>", "numbers of clients", numbers, [1, 10, 50, 200])
  .option("--runs <n>", "runs of each; the medians count", wholeNumber, 5)
  .option(
    "--write",
    "bring docs/reference/performance.md, its plots and its raw figures up to date; other sizes stay",
  )
  .action(({ clients, runs, write = false }: { clients: number[]; runs: number; write?: boolean }) =>
    inFolder(async (base) => {
      const plan = { clients: [...clients].sort((one, other) => one - other), runs, write };
      endWith(await speedCommand(plan, { base, userEnvironment, note: progress }));
    }),
  );

program
  .command("waits")
  .description("time up and destroy with the azuread provider's fixed waits; takes five minutes")
  .option("--write", "bring docs/reference/performance.md up to date")
  .action(({ write = false }: { write?: boolean }) =>
    inFolder(async (base) => {
      endWith(await waitsCommand(write, { base, userEnvironment, note: progress }));
    }),
  );

program
  .command("fleet")
  .description("write the stack files of a large fleet, preview it on the sandbox, or both")
  .requiredOption("--clients <n>", "clients of the fleet", wholeNumber)
  .option("--stacks <n>", "stacks that they are spread over", wholeNumber, 1)
  .option("--prefix <name>", "what the stacks' names start with", "fleet")
  .option("--dicom-service <id>", "resource id of the clients' DICOM service (default: the sandbox's)")
  .option("--out <folder>", "write the stack files into this folder; none is written over")
  .option("--preview", "preview all clients in one stack, as new and as deployed")
  .option("--write", "bring docs/reference/performance.md up to date with the preview")
  .action((choices: Partial<FleetChoices> & Pick<FleetChoices, "clients" | "stacks" | "prefix">) => {
    if (choices.out === undefined && choices.preview !== true) {
      program.error("error: give --out, --preview or both");
    }
    return inFolder((base) =>
      fleetCommand({ preview: false, write: false, ...choices }, { base, userEnvironment, note: progress }),
    );
  });

async function inFolder(use: (base: string) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    await use(base);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function measureGoals(base: string, chosen: readonly string[]): Promise<void> {
  const unknown = chosen.filter((name) => !(name in measurements));
  if (unknown.length > 0) {
    program.error(
      `error: there is no ${unknown.join(", ")}; there are ${Object.keys(measurements).join(", ")}, speed, waits and fleet`,
    );
  }
  const results: Result[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (chosen.length === 0 || chosen.includes(name)) {
      results.push(...(await measure(base)));
    }
  }
  report(results);
  endWith(results.every(({ met }) => met));
}

function endWith(everyGoalIsMet: boolean): void {
  process.exitCode = everyGoalIsMet ? 0 : 1;
}

/** What is measured, by the names that `npm run bench -- <name>` takes. */
const measurements: Readonly<Record<string, (base: string) => Promise<Result[]>>> = {
  preview: async (base) => [await measurePreview(base)],
  program: (base) => Promise.resolve([measureProgramStart(base)]),
  start: (base) => Promise.resolve([measureStart(base)]),
  audit: measureLargeAudit,
};

/** An audit at the size that it is made for: what it asks, how long that takes, and what it holds. */
async function measureLargeAudit(base: string): Promise<Result[]> {
  const { population, requests, seconds, mebibytes } = await measureAudit(base, userEnvironment, progress);
  const { clients, applications } = population;
  // Eight for each client, two for each fifteen names (living and deleted namesakes); an API, subscriptions, their role assignments, and one role's name.
  const needed = 8 * clients + 2 * Math.ceil(clients / 15) + 4;
  const what = `audit of ${clients} clients among ${applications} applications`;
  return [
    { what: `${what}: requests`, measured: String(requests), goal: `${needed}`, met: requests === needed },
    {
      what: `${what}: memory`,
      measured: `${mebibytes.toFixed(0)} MiB`,
      goal: "at most 256 MiB",
      met: mebibytes <= 256,
    },
    { what: `${what}: time`, measured: `${seconds.toFixed(1)} s`, goal: "none", met: true },
  ];
}

/**
 * A preview of the one-client stack against one of an empty program, each in a process of its own as the language host would
 * start it, on the same engine and with the providers in a process apart, as plugins are.
 */
async function measurePreview(base: string): Promise<Result> {
  const folder = new SandboxFolder(join(base, "preview"));
  const options: SessionOptions = { folder, provider: "auto", userEnvironment, note: progress };
  return withSession(options, true, async ({ stack, environment }) => {
    await stack.up();
    const empty = await prepareEmptyStack(join(base, "empty"), environment);
    const full: PreviewJob = {
      stackName,
      projectName,
      workDir: folder.workspace,
      environment,
      programModule: join(projectRoot, "index.ts"),
    };
    const path = [dirname((await ensurePulumiCli({ env: userEnvironment })).path), process.env["PATH"]].join(
      delimiter,
    );
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      progress(`preview, round ${round + 1} of ${rounds}`);
      theirs.push(await runPreview(empty, path));
      ours.push(await runPreview(full, path));
    }
    return ratio("preview of the one-client stack / of an empty program", ours, theirs, 1.3);
  });
}

async function prepareEmptyStack(
  workDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<PreviewJob> {
  mkdirSync(workDir);
  const job: PreviewJob = { stackName: "empty", projectName: "empty", workDir, environment };
  const stack = await LocalWorkspace.createOrSelectStack(
    { ...job, program: () => Promise.resolve({}) },
    {
      workDir,
      envVars: { ...environment },
      pulumiCommand: await pulumiCommand(await ensurePulumiCli({ env: userEnvironment })),
      projectSettings: { name: job.projectName, runtime: "nodejs" },
    },
  );
  await stack.up();
  return job;
}

/** From the start of Node.js until the program is ready to declare: the language host loads ts-node and the SDK first. */
function measureProgramStart(base: string): Result {
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
  for (let round = 0; round < rounds * 2; round++) {
    progress(`start of the program, round ${round + 1} of ${rounds * 2}`);
    theirs.push(start(empty));
    ours.push(start(join(projectRoot, "index.ts")));
  }
  return ratio("start of the program / of an empty program", ours, theirs, 1.2);
}

/** The main job with the toolchain in place, as a user waits for it. */
function measureStart(base: string): Result {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    progress(`npm start on a new sandbox, round ${round + 1} of 3`);
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

function ratio(what: string, ours: readonly number[], theirs: readonly number[], goal: number): Result {
  const value = median(ours) / median(theirs);
  return {
    what,
    measured: `${value.toFixed(2)} (${seconds(ours)} / ${seconds(theirs)})`,
    goal: `at most ${goal}`,
    met: value <= goal,
  };
}

function seconds(times: readonly number[]): string {
  return `${(median(times) / 1000).toFixed(2)} s`;
}

function report(results: readonly Result[]): void {
  const cli = readFileSync(join(projectRoot, ".pulumi.version"), "utf8").trim();
  const lines = [
    `Medians on ${cpus().length} cores, Node.js ${process.version}, Pulumi CLI v${cli} unless another is on PATH.`,
    "",
    "| what | measured | goal | met |",
    "| --- | --- | --- | --- |",
    ...results.map(
      ({ what, measured, goal, met }) => `| ${what} | ${measured} | ${goal} | ${met ? "yes" : "no"} |`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

void program.parseAsync();
