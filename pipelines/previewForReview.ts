import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, type ExitCode } from "dicom-ops";
import type { PipelineContext } from "./pipelineCommand";
import { previewComment } from "./previewComment";
import { runPulumi } from "./pulumiRun";

/**
 * Previews an update and writes `comment.md`, also when the preview fails, because then the reviewer wants to know why.
 *
 * @returns 0 previewed, 1 the preview failed
 */
export async function previewForReview({
  io,
  cli,
  folder,
  stack,
  reports,
}: PipelineContext): Promise<ExitCode> {
  const run = await runPulumi(
    ["preview", "--diff", "--suppress-outputs", "--stack", stack, ...policyOptions(folder)],
    { cli, folder, env: io.env, follow: (text) => void io.stderr.write(text, () => undefined) },
  );
  await writeFile(join(reports, "comment.md"), previewComment(stack, run));
  return run.code === 0 ? exitCode.ok : exitCode.failed;
}

/** The options for the project's policy pack, if it has one, and for the pack's configuration, if there is one. */
function policyOptions(folder: string): readonly string[] {
  const has = (file: string): boolean => existsSync(join(folder, file));
  if (!has(join("policy", "PulumiPolicy.yaml"))) return [];
  return [
    "--policy-pack",
    "policy",
    ...(has("policy-config.json") ? ["--policy-pack-config", "policy-config.json"] : []),
  ];
}
