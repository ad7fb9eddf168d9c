import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { exchangeAudience } from "dicom-service-client/model";
import { publishedLoginUrl } from "../cloud/cloudEndpoints";
import { Console } from "../console/console";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { OperationIo } from "../operationIo";
import { AzureReporting } from "../pipeline/azureReporting";
import { deployStack } from "../pipeline/deployStack";
import { GithubReporting } from "../pipeline/githubReporting";
import { JobOutput } from "../pipeline/jobOutput";
import { lookForDrift } from "../pipeline/lookForDrift";
import type { OperateResult, PipelineContext } from "../pipeline/pipelineContext";
import { asPipelineIdentity } from "../pipeline/pipelineIdentity";
import { pipelineSystem } from "../pipeline/pipelineSystem";
import { previewForReview } from "../pipeline/previewForReview";
import { runPulumi, type PulumiRun } from "../pipeline/pulumiRun";
import type { Reporting } from "../pipeline/reporting";
import { verdicts, type DriftVerdict } from "../pipeline/stackDrift";
import { warnOfEnds } from "../pipeline/warnOfEnds";
import { stackCloud } from "../project/stackCloud";
import { readGivenFile } from "./givenFile";
import { openProject, type OperationContext } from "./operation";
import { wholeDays } from "./wholeDays";

/** What the steps of a pipeline need beyond an operation. */
export interface PipelineSurroundings {
  readonly io: OperationIo;
  /** Runs another command of the operations. */
  readonly operate: (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<OperateResult>;
  /** Runs the work of a command with its context, and keeps its exit code. */
  readonly finish: (work: (context: OperationContext) => Promise<ExitCode>) => Promise<void>;
  /** The same for a command that is about no stack. */
  readonly finishWithoutStack: (work: () => Promise<ExitCode>) => Promise<void>;
}

/** Adds the commands that the steps of a pipeline run. */
export function addPipelineCommand(program: Command, surroundings: PipelineSurroundings): void {
  const { finish, finishWithoutStack } = surroundings;
  const command = program
    .command("pipeline")
    .description("the steps that a pipeline runs: preview, deploy, drift, expiry, comment, report");
  command
    .command("preview")
    .description("preview an update and write it as a comment for a pull request")
    .requiredOption("--reports <folder>", "where to write comment.md")
    .addHelpText(
      "after",
      `
Pulumi's output goes to stderr.${signInText}

Exit codes: 0 previewed, 1 the preview failed; the comment says why.`,
    )
    .action(({ reports }: { readonly reports: string }) =>
      finish((context) =>
        asIdentity(context, surroundings, async (step) =>
          previewForReview(step, await folderFor(context, reports)),
        ),
      ),
    );
  command
    .command("deploy")
    .description("deploy the stack and prove that its clients work")
    .option("--rotation-only", "change only secrets and their copies in key vaults")
    .addHelpText(
      "after",
      `
pulumi up, judged by the project's policy pack, then dicom-ops verify --wait. With --rotation-only drift and
configuration that is not deployed yet stay as they are.${signInText}

Exit codes: 0 deployed, and no client fails, 1 otherwise.`,
    )
    .action(({ rotationOnly = false }: { readonly rotationOnly?: boolean }) =>
      finish((context) => asIdentity(context, surroundings, (step) => deployStack(step, rotationOnly))),
    );
  command
    .command("drift")
    .description("look for drift, and tell it from a rotation that is due")
    .requiredOption("--reports <folder>", "where to write the reports")
    .addHelpText(
      "after",
      `
Asks whether the cloud differs from what was deployed (pulumi refresh --preview-only), what an update would change
(pulumi preview --refresh), where the credentials stand (dicom-ops status) and whether anything is there that nobody has
declared (dicom-ops audit). Prints the verdict: clean, rotation or drift. Writes report.md, drift.json, audit.html and
audit.sarif. Later steps get the outputs verdict and rotation.${signInText}

Exit codes: 0 clean, 7 drift or a rotation that is due, 1 failed or not everything could be read.`,
    )
    .action(({ reports }: { readonly reports: string }) =>
      finish((context) =>
        asIdentity(context, surroundings, async (step) =>
          lookForDrift(step, await folderFor(context, reports)),
        ),
      ),
    );
  command
    .command("expiry")
    .description("warn of credentials that end soon, and of updates that are overdue")
    .addOption(new Option("--days <days>", "how many days before its end").default(14).argParser(wholeDays))
    .addHelpText("after", `${signInText}\n\nExit codes: 0 nothing ends, 7 something does, 1 failed.`)
    .action(({ days: within }: { readonly days: number }) =>
      finish((context) => asIdentity(context, surroundings, (step) => warnOfEnds(step, within))),
    );
  command
    .command("comment")
    .description("comment on a pull request, replacing the previous comment")
    .requiredOption("--file <file>", "the comment; it is found again by its first line")
    .requiredOption("--pull-request <id>", "number or id of the pull request")
    .addHelpText("after", reportingText)
    .action((choices: { readonly file: string; readonly pullRequest: string }) =>
      finishWithoutStack(() =>
        report(surroundings.io, async (reporting) =>
          reporting.comment(choices.pullRequest, await readGivenFile(surroundings.io.cwd, choices.file)),
        ),
      ),
    );
  command
    .command("report")
    .description("maintain one issue (GitHub) or work item (Azure Boards) for the stack")
    .addOption(new Option("--verdict <verdict>", "what drift found").choices(verdicts).makeOptionMandatory())
    .requiredOption("--file <file>", "the report in Markdown")
    .addHelpText(
      "after",
      `
Opened or updated while the stack drifts, closed when it is clean. It is found by its label or tag stack:<name>.
${reportingText}`,
    )
    .action((choices: { readonly file: string; readonly verdict: DriftVerdict }) =>
      finish(({ stack, cwd }) =>
        report(surroundings.io, async (reporting) =>
          reporting.keepIssue(stack, choices.verdict, await readGivenFile(cwd, choices.file)),
        ),
      ),
    );
}

const signInText = `
In GitHub Actions and Azure Pipelines it signs in as the identity that AZURE_CLIENT_ID, AZURE_TENANT_ID and
AZURE_SUBSCRIPTION_ID or the service connection name, by workload identity federation; on a terminal it works as you.`;

const reportingText = `
GitHub: needs GH_TOKEN. Azure DevOps: needs SYSTEM_ACCESSTOKEN; WORK_ITEM_TYPE and WORK_ITEM_CLOSED are those of the
project's process, Issue and Done (the default) in Basic, Task and Closed in Agile.

Exit codes: 0 done, 1 failed.`;

async function asIdentity(
  context: OperationContext,
  { io, operate }: PipelineSurroundings,
  work: (step: PipelineContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { console, folder, stack } = context;
  await openProject(context);
  const cloud = await stackCloud(folder, stack, io.env);
  const pulumi = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<PulumiRun> =>
    runPulumi(args, {
      folder,
      env,
      signal: io.signal,
      follow: (text) => void io.stderr.write(text, () => undefined),
    });
  return asPipelineIdentity(
    {
      env: io.env,
      console,
      audience: exchangeAudience(publishedLoginUrl(cloud) ?? ""),
      logIn: async (organization, tokenFile) => {
        const args = ["login", "--oidc-org", organization, "--oidc-token", `file://${tokenFile}`];
        const { code } = await pulumi(args, io.env);
        if (code !== 0) {
          throw new OperationError(`pulumi login failed with exit code ${code}.`, {
            cure: "Register the pipeline's issuer with the organization in Pulumi Cloud.",
          });
        }
      },
    },
    (env) => {
      const signedIn = { ...io, env };
      return work({
        io: signedIn,
        output: new JobOutput(signedIn),
        folder,
        stack,
        pulumi: (args, further = {}) => pulumi([...args, "--stack", stack], { ...env, ...further }),
        operate: (argv) => operate([...argv, "--stack", stack, "--cwd", folder], env),
      });
    },
  );
}

async function report(io: OperationIo, work: (reporting: Reporting) => Promise<void>): Promise<ExitCode> {
  const system = pipelineSystem(io.env);
  if (system === "terminal") {
    throw new OperationError(
      "This is neither GitHub Actions nor Azure Pipelines, so there is nowhere to report to.",
      {
        cure: "Read the report itself.",
      },
    );
  }
  const place = system === "github" ? GithubReporting : AzureReporting;
  await place.use(io.env, new Console(io), work);
  return exitCode.ok;
}

async function folderFor({ cwd }: OperationContext, reports: string): Promise<string> {
  const folder = resolve(cwd, reports);
  await mkdir(folder, { recursive: true });
  return folder;
}
