import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, type ExitCode } from "../exitCode";
import { foretell } from "./foretell";
import type { PipelineContext } from "./pipelineContext";
import { policyOptions } from "./policyPack";
import { previewComment } from "./previewComment";

/**
 * Previews an update and writes `comment.md`, also when the preview fails, because then the reviewer wants to know why.
 *
 * @param reports folder for the comment
 * @returns 0 previewed, 1 the preview failed
 */
export async function previewForReview(context: PipelineContext, reports: string): Promise<ExitCode> {
  const { folder, stack, output, pulumi } = context;
  const report = await foretell(context);
  const run = await pulumi(["preview", "--diff", "--suppress-outputs", ...policyOptions(folder)]);
  const file = join(reports, "comment.md");
  await writeFile(file, previewComment(stack, run, report));
  await output.summarize(file);
  return run.code === 0 ? exitCode.ok : exitCode.failed;
}
