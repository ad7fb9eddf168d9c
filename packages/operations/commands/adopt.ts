import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { jsonText } from "dicom-service-client/model";
import { type Adoption, type AdoptionParts, planAdoption } from "../adopt/adoption";
import type { AdoptionPlan } from "../adopt/adoptionPlan";
import { adoptionText } from "../adopt/adoptionText";
import { readTarget } from "../adopt/adoptionTarget";
import { applyAdoption, undoing } from "../adopt/applyAdoption";
import { importFileText } from "../adopt/importFile";
import { nextSteps } from "../adopt/nextSteps";
import { StackEngine } from "../adopt/stackEngine";
import { StackFile } from "../adopt/stackFile";
import { word } from "../cloud/graphRequest";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { messageOf, OperationError } from "../operationError";
import { PulumiCommandLine } from "../project/pulumiCommandLine";
import { stackFilePath } from "../project/stackFilePath";
import { openProject, type OperationContext } from "./operation";

/** What `adopt` is asked for. */
export interface AdoptChoices {
  readonly format: "text" | "json";
  /** Name of the client in the stack. */
  readonly as?: string;
  readonly apply?: boolean;
  /** File for the configuration block. */
  readonly configOut?: string;
  /** File for the import file. */
  readonly importOut?: string;
  /** Where the files of the backup begin; default in the current folder. */
  readonly backup?: string;
}

/**
 * Takes over a registration that was made by hand; without `apply` it only shows how.
 *
 * @param registration client id, object id or display name
 * @returns 7 when anything that is taken over would be changed by `pulumi up`; nothing has been changed then
 */
export async function adopt(
  context: OperationContext,
  registration: string,
  choices: AdoptChoices,
): Promise<ExitCode> {
  const { console, env, stack } = context;
  refuseUnusable(context, registration, choices);
  const project = await openProject(context);
  console.note(`Reading the declaration of the stack ${stack}`);
  const target = await readTarget(project, env, console.clock.now());
  const source = {
    providers: target.providers,
    clients: target.deployed.map((deployed) => ({ name: deployed.name, deployed })),
  };
  return withCloud(context, source, async ({ client: cloud }) => {
    const ofProject = stackFilePath(project.folder, stack);
    const stackFile = await StackFile.read(context.stackFile ?? ofProject, project.name);
    const parts: AdoptionParts = { project, target, cloud, console, stackFile };
    const adoption = await planAdoption(parts, registration, choices.as);
    // Before anything is changed: a file that cannot be written ends the command.
    await writeFiles(context, adoption.plan, choices);
    const plan =
      choices.apply && adoption.plan.verdict === "clean"
        ? await carryOut(context, parts, adoption, choices)
        : adoption.plan;
    const again = `npx dicom-ops adopt ${plan.registration.clientId} --as ${plan.client} --stack ${stack}${choices.backup === undefined ? "" : ` --backup ${word(choices.backup)}`}`;
    const complete = { ...plan, next: nextSteps(plan, again) };
    await console.result(
      choices.format === "json" ? `${jsonText(complete)}\n` : adoptionText(complete, console.colours),
    );
    return complete.verdict === "differences" ? exitCode.differences : exitCode.ok;
  });
}

/** @throws OperationError when a choice could not have the effect that it is for */
function refuseUnusable(
  { cwd, folder, stack, stackFile }: OperationContext,
  registration: string,
  { configOut, importOut }: AdoptChoices,
): void {
  if (registration.trim() === "") {
    throw new OperationError("The registration has no name.", {
      cure: "Name it by its client id, its object id or its display name.",
    });
  }
  const pathOf = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : resolve(cwd, file);
  const [config, imports] = [pathOf(configOut), pathOf(importOut)];
  if (config !== undefined && config === imports) {
    throw new OperationError("--config-out and --import-out name the same file.", {
      cure: "Name two files.",
    });
  }
  const settings = [stackFile, stackFilePath(folder, stack), join(folder, "Pulumi.yaml")];
  for (const [option, path] of [
    ["--config-out", config],
    ["--import-out", imports],
  ] as const) {
    if (path !== undefined && settings.includes(path)) {
      throw new OperationError(`${option} would overwrite ${path}.`, {
        cure: "Name another file; --apply adds the block to the stack file.",
      });
    }
  }
}

async function carryOut(
  { cwd, stack, env }: OperationContext,
  { project, console, stackFile }: AdoptionParts,
  adoption: Adoption,
  { backup }: AdoptChoices,
): Promise<AdoptionPlan> {
  const instant = console.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, "");
  const applied = await applyAdoption({
    adoption,
    // An interruption reaches the engine by itself, which then ends in order; what puts all back must not be ended by it.
    engine: new StackEngine(new PulumiCommandLine({ folder: project.folder, stack, env })),
    stackFiles: await Promise.all(
      [...new Set([stackFile.path, stackFilePath(project.folder, stack)])].map((path) =>
        StackFile.read(path, project.name),
      ),
    ),
    console,
    backup: resolve(
      cwd,
      backup ?? `adopt-${stack.replaceAll("/", "-")}-${adoption.compared.name}-${instant}`,
    ),
  });
  const { plan } = adoption;
  const isDone = applied.differences.length === 0;
  return {
    ...plan,
    verdict: isDone ? "adopted" : "differences",
    adopted: plan.adopted.map((one) => ({ ...one, inState: one.inState || isDone })),
    config: { ...plan.config, isThere: plan.config.isThere || isDone },
    differences: applied.differences,
    backup: applied.backup,
    undo: isDone ? undoing(stack, applied.backup, stackFile.path) : [],
  };
}

async function writeFiles(
  { cwd }: OperationContext,
  { config, importFile }: AdoptionPlan,
  { configOut, importOut }: AdoptChoices,
): Promise<void> {
  for (const [file, text] of [
    [configOut, config.block],
    [importOut, importFileText(importFile)],
  ] as const) {
    if (file === undefined) continue;
    try {
      await writeFile(resolve(cwd, file), text);
    } catch (error) {
      throw new OperationError(`The file ${file} cannot be written.`, { cause: messageOf(error), error });
    }
  }
}
