import { seed } from "entra-sandbox";
import { githubToken } from "./githubStandIn";
import { runGithubJob, readWorkflow, type GithubJob, type JobRun } from "./githubJob";
import { repository, type PipelineIdentity, type PipelineSandbox } from "./pipelineSandbox";

/** What a job on GitHub is started with. */
export interface GithubStart {
  readonly workflow: string;
  readonly job: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly matrix?: Readonly<Record<string, string>>;
  /** The identity that the variables of the job's environment name. */
  readonly identity: PipelineIdentity;
  /** In the place of the variables that a repository and its environments usually have. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Starts a job on a sandbox as GitHub would. */
export async function startOnGithub(sandbox: PipelineSandbox, start: GithubStart): Promise<JobRun> {
  const job: GithubJob | undefined = readWorkflow(start.workflow).jobs[start.job];
  if (job === undefined) throw new Error(`${start.workflow} has no job ${start.job}`);
  const { inputs = {}, matrix = {}, identity, variables = {} } = start;
  const environment = (job.environment ?? "").replace(/\$\{\{ inputs\.stack \}\}/, String(inputs["stack"]));
  const token = sandbox.services.issuer.forGithub(sandbox.subjectOf(environment));
  const machine = await sandbox.machine(identity, token);
  const isTrusted = job.permissions?.["id-token"] === "write";
  return runGithubJob(
    job,
    {
      github: {
        event: { pull_request: { number: 7, head: { repo: { full_name: repository } } } },
        repository,
        token: githubToken,
        workspace: sandbox.folder,
      },
      vars: {
        AZURE_CLIENT_ID: identity.clientId,
        AZURE_TENANT_ID: seed.tenantId,
        AZURE_SUBSCRIPTION_ID: seed.subscriptionId,
        PULUMI_BACKEND_URL: sandbox.backend,
        PULUMI_CLOUD_ORGANIZATION: "",
        WARN_DAYS: "",
        APPLY_ROTATIONS: "",
        UPLOAD_SARIF: "true",
        ...variables,
      },
      secrets: { PULUMI_CONFIG_PASSPHRASE: sandbox.passphrase },
      inputs,
      matrix,
      needs: {},
      runner: { os: "Linux", arch: "X64" },
    },
    {
      folder: sandbox.folder,
      env: {
        ...machine,
        ...(isTrusted ? token : {}),
        GITHUB_REPOSITORY: repository,
        GITHUB_API_URL: sandbox.githubApi,
      },
    },
  );
}
