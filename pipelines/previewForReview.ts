import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, type ExitCode } from "../operations/exitCode";
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
  const { POLICY_PACK: policyPack = "" } = io.env;
  const run = await runPulumi(
    [
      "preview",
      "--diff",
      "--suppress-outputs",
      "--stack",
      stack,
      ...(policyPack === "" ? [] : ["--policy-pack", policyPack]),
    ],
    { cli, folder, env: io.env, follow: (text) => void io.stderr.write(text, () => undefined) },
  );
  await writeFile(join(reports, "comment.md"), previewComment(stack, run));
  return run.code === 0 ? exitCode.ok : exitCode.failed;
}
