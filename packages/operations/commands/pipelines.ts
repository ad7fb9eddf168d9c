import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { plainText } from "dicom-service-client/model";
import type { Console } from "../console/console";
import { counted } from "../console/counted";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import { lineDifference } from "../pipeline/lineDifference";
import {
  comparePipelineFiles,
  targetFolders,
  writePipelineFiles,
  type PipelineFilesOf,
} from "../pipeline/pipelineFiles";
import type { OperateResult } from "../pipeline/pipelineContext";
import { readProjectName } from "../project/projectName";
import type { OperationContext } from "./operation";
import { pipelineIdentity, type IdentityChoices } from "./pipelineIdentity";

/**
 * Adds the commands that set pipelines up.
 *
 * @param finish runs the work of a command that is about no single stack, and keeps its exit code
 * @param operate runs another command of the operations
 */
export function addPipelinesCommand(
  program: Command,
  finish: (work: (context: Omit<OperationContext, "stack">) => Promise<ExitCode>) => Promise<void>,
  operate: (argv: readonly string[]) => Promise<OperateResult>,
): void {
  const command = program
    .command("pipelines")
    .description(
      "set up pipelines: github and azure add their files to the project, identity creates the identity that they run as",
    );
  for (const system of ["github", "azure"] as const) {
    command
      .command(system)
      .description(`add pipelines for ${titles[system]} to the project`)
      .option("--force", "overwrite files that differ")
      .addHelpText(
        "after",
        `
Copies YAML files to ${targetFolders[system]}/: pull request (preview), deploy, and watch (drift, expiry, rotations). Their
steps run dicom-ops from the project's node_modules. Nothing runs before the files are committed and set up.
A file that is there and differs is left alone, and nothing is written, unless you give --force; the difference is shown.

Examples:
  npx dicom-ops pipelines ${system}
  npx dicom-ops pipelines ${system} --force

Exit codes: 0 written, or nothing to do, 7 files differ, 1 failed.`,
      )
      .action(({ force = false }: { readonly force?: boolean }) =>
        finish(({ console, folder }) => addPipelines(system, folder, force, console)),
      );
  }
  command
    .command("identity")
    .description("create an identity for pipelines, without a secret, with exactly the rights it needs")
    .option("--name <name>", "display name of the application")
    .addOption(
      new Option("--for <purpose>", "what it may do").choices(["deploy", "drift"]).makeOptionMandatory(),
    )
    .requiredOption("--stacks <name...>", "every stack it is for; their configuration decides the rights")
    .option("--github <owner/repository>", "the repository on GitHub whose jobs it trusts")
    .option("--environment <name>", "with --github: the environment that the jobs run in")
    .option("--issuer <url>", "instead of --github: issuer of the jobs' tokens")
    .option("--subject <subject>", "instead of --environment: their subject, as a refused run shows it")
    .option("--show", "change nothing; print the grants as a script for somebody else")
    .addHelpText(
      "after",
      `
Creates an application with a service principal and a federated credential through the Azure CLI, and gives it what
dicom-ops rights derives from the stacks' configuration and state. Run it again after a change of the configuration: what is
there is kept or brought up to date. You must be signed in with az login as a Privileged Role Administrator who may assign
roles where the stacks have theirs, and the stacks must exist (pulumi stack init).

GitHub tells by its API how its tokens name a repository (gh api repos/<owner>/<repository>/actions/oidc/customization/sub): with
the ids of owner and repository where the repository has immutable subjects. Without gh the request is printed.

Examples:
  npx dicom-ops pipelines identity --name "DICOM clients: deploy dev" --for deploy --stacks dev \\
    --github contoso/imaging --environment dev
  npx dicom-ops pipelines identity --name "DICOM clients: watch" --for drift --stacks dev test prod \\
    --github contoso/imaging --environment watch
  npx dicom-ops pipelines identity --name "DICOM clients: deploy dev" --for deploy --stacks dev \\
    --issuer <issuer of the service connection> --subject <its subject>

Exit codes: 0 done, 1 failed.`,
    )
    .action((choices: IdentityChoices) =>
      finish(({ console, env, folder }) =>
        pipelineIdentity({ console, env, operate: (argv) => operate([...argv, "--cwd", folder]) }, choices),
      ),
    );
}

const titles: Readonly<Record<PipelineFilesOf, string>> = {
  github: "GitHub Actions",
  azure: "Azure Pipelines",
};

async function addPipelines(
  system: PipelineFilesOf,
  folder: string,
  force: boolean,
  console: Console,
): Promise<ExitCode> {
  const project = resolve(folder);
  if (readProjectName(project) === undefined) {
    throw new OperationError(`${project} is not the folder of a Pulumi project.`, {
      cure: "Run the command in the project's folder, or name the folder with --cwd.",
    });
  }
  const files = await comparePipelineFiles(system, project);
  const differing = files.filter(({ state }) => state === "differs");
  for (const { path, before, after } of differing) {
    const lines = lineDifference(before, after).map((line) => `    ${plainText(line)}\n`);
    await console.result(`${path} differs (- in the project, + in the package):\n${lines.join("")}`);
  }
  if (differing.length > 0 && !force) {
    await console.result(
      `\nNothing was written: ${counted(differing.length, "file differs", "files differ")}. Add --force to replace them; commit first, so that git has what you wrote.\n`,
    );
    return exitCode.differences;
  }
  const written = files.filter(({ state }) => state !== "same");
  await writePipelineFiles(project, written);
  await console.result(
    written.length === 0
      ? "Every file is there already, as it should be.\n"
      : `${written.map(({ path }) => `Written: ${path}\n`).join("")}\n${nextSteps[system]}`,
  );
  return exitCode.ok;
}

const nextSteps: Readonly<Record<PipelineFilesOf, string>> = {
  github: `What to do next (docs/operate/pipelines.md has the details):
  1. Take environments that you do not have out of deploy.yml, watch.yml and pull-request.yml.
  2. Make the identities: npx dicom-ops pipelines identity --help
  3. Create the environments dev, test, prod and watch with AZURE_CLIENT_ID, and the variables of the repository.
  4. Commit the files. Deploy runs on the next push to main.
`,
  azure: `What to do next (docs/operate/pipelines.md has the details):
  1. Take environments that you do not have out of deploy.yml, watch.yml and pull-request.yml.
  2. Start the service connections dicom-service-client-dev, -test, -prod and -watch as drafts, which show issuer and subject.
  3. Make the identities: npx dicom-ops pipelines identity --help
  4. Create the environments, the variable group dicom-service-client, and the three pipelines from azure-pipelines/.
`,
};
