import type { PreflightReport } from "../preflight/preflightReport";
import type { PipelineContext } from "./pipelineContext";

/** What preflight says of the stack; undefined when it failed, which it has explained itself. */
export async function foretell({ operate }: PipelineContext): Promise<PreflightReport | undefined> {
  const { stdout } = await operate(["preflight", "--format", "json"]);
  return stdout === "" ? undefined : (JSON.parse(stdout) as PreflightReport);
}
