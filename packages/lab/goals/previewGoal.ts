import { mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { project, projectName, projectRoot } from "../fixtures/repository";
import {
  ensurePulumiCli,
  type PulumiCli,
  pulumiCommand,
  SandboxFolder,
  type SessionOptions,
  stackName,
  withSession,
} from "entra-sandbox";
import type { BenchSurroundings } from "../benchRun";
import type { JudgedGoal } from "../report/goal";
import { type PreviewJob, runPreview } from "./previewJob";
import { ratioGoal } from "./ratioGoal";

/** How often both are measured. Rounds interleave, so that a busy machine slows both alike. */
const rounds = 7;

/**
 * A preview of the one-client stack against one of an empty program, each in a process of its own as the language host would
 * start it, on the same engine and with the providers in a process apart, as plugins are.
 */
export async function measurePreview({
  base,
  userEnvironment,
  note,
}: BenchSurroundings): Promise<JudgedGoal> {
  const folder = new SandboxFolder(join(base, "preview"));
  const options: SessionOptions = { project, folder, provider: "auto", userEnvironment, note };
  return withSession(options, async ({ stack, environment }) => {
    await stack.up();
    const cli = await ensurePulumiCli({ env: userEnvironment });
    const empty = await prepareEmptyStack(join(base, "empty"), environment, cli);
    const full: PreviewJob = {
      stackName,
      projectName,
      workDir: folder.workspace,
      environment,
      programModule: join(projectRoot, "index.ts"),
    };
    const path = [dirname(cli.path), process.env["PATH"]].join(delimiter);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      note(`preview, round ${round + 1} of ${rounds}`);
      theirs.push(await runPreview(empty, path));
      ours.push(await runPreview(full, path));
    }
    return ratioGoal("preview of the one-client stack / of an empty program", ours, theirs, 1.3);
  });
}

async function prepareEmptyStack(
  workDir: string,
  environment: Readonly<Record<string, string>>,
  cli: PulumiCli,
): Promise<PreviewJob> {
  mkdirSync(workDir);
  const job: PreviewJob = { stackName: "empty", projectName: "empty", workDir, environment };
  const stack = await LocalWorkspace.createOrSelectStack(
    { ...job, program: () => Promise.resolve({}) },
    {
      workDir,
      envVars: { ...environment },
      pulumiCommand: await pulumiCommand(cli),
      projectSettings: { name: job.projectName, runtime: "nodejs" },
    },
  );
  await stack.up();
  return job;
}
