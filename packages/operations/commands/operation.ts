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
  console.note(`Reading the declaration of the stack ${stack}`);
  const project = await openProject(context);
  return { project, declaration: await readDeclaration(project, env, console.clock.now()) };
}

/** Finds the project, without reading what the stack declares. */
export async function openProject(context: OperationContext): Promise<PulumiProject> {
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
