/** What runs a pipeline: GitHub Actions, Azure Pipelines, or nothing but a terminal. */
export type PipelineSystem = "github" | "azure" | "terminal";

/** Sources: https://docs.github.com/actions/reference/workflows-and-actions/variables, https://learn.microsoft.com/azure/devops/pipelines/build/variables */
export function pipelineSystem(env: NodeJS.ProcessEnv): PipelineSystem {
  if (env["GITHUB_ACTIONS"] === "true") return "github";
  return env["TF_BUILD"] ? "azure" : "terminal";
}
