import { createRequire } from "node:module";
import { LocalWorkspace, type PulumiFn } from "@pulumi/pulumi/automation";
import type { PreviewJob } from "./previewJob";

/**
 * Runs one preview in this process, as described by the job in the first argument, and prints how many milliseconds went into
 * finding the CLI and the stack, which the Automation API does with runs of the CLI that `pulumi preview` does not need.
 */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? "") as PreviewJob;
  const program =
    job.programModule === undefined ? (): Promise<object> => Promise.resolve({}) : load(job.programModule);
  const began = performance.now();
  const stack = await LocalWorkspace.selectStack(
    { stackName: job.stackName, projectName: job.projectName, program },
    { workDir: job.workDir, envVars: { ...job.environment } },
  );
  process.stdout.write(String(performance.now() - began));
  await stack.preview({ refresh: true, expectNoChanges: true });
}

function load(module: string): PulumiFn {
  return createRequire(__filename)(module) as PulumiFn;
}

void main();
