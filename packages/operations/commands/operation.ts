import type { Console } from "../console/console";
import { readDeclaration, type StackDeclaration } from "../project/declaration";
import type { CliContext } from "../project/pulumiCommandLine";
import { PulumiProject } from "../project/pulumiProject";

/** What every operation works with. */
export interface OperationContext {
  readonly console: Console;
  readonly env: NodeJS.ProcessEnv;
  /** Folder that the paths of options start from. */
  readonly cwd: string;
  /** Folder of the Pulumi project. */
  readonly folder: string;
  readonly stack: string;
  /** Whether everything is written, also what is as it should be. */
  readonly verbose: boolean;
  /** Whether the arguments are only to be checked: {@link openProject} ends the command then. */
  readonly usageOnly: boolean;
  /** The stack file that the user keeps, when the one in the project's folder is a copy of it. */
  readonly stackFile?: string;
}

/** A stack that has been found, and what it declares. */
export interface OpenStack {
  readonly project: PulumiProject;
  readonly declaration: StackDeclaration;
}

/** Finds the stack and reads its declaration: the way of every operation. */
export async function openStack(context: OperationContext): Promise<OpenStack> {
  const { console, env, stack } = context;
  const project = await openProject(context);
  console.note(`Reading the declaration of the stack ${stack}`);
  return { project, declaration: await readDeclaration(project, env, console.clock.now()) };
}

/** Ends a command whose arguments were only to be checked, and are right. */
export class UsageChecked extends Error {}

/**
 * Finds the project, without reading what the stack declares. Commands check their arguments before.
 *
 * @throws UsageChecked when nothing more is wanted
 */
export async function openProject(context: OperationContext): Promise<PulumiProject> {
  if (context.usageOnly) throw new UsageChecked();
  return PulumiProject.open({ ...cliContext(context), stack: context.stack });
}

/** What the Pulumi CLI is run with. */
export function cliContext({
  console,
  env,
  folder,
}: Pick<OperationContext, "console" | "env" | "folder">): CliContext {
  return { folder, env, ...(console.signal === undefined ? {} : { signal: console.signal }) };
}
