import type { Console } from "../console/console";
import { readDeclaration, type StackDeclaration } from "../project/declaration";
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
export async function openProject({ console, env, folder, stack }: OperationContext): Promise<PulumiProject> {
  return PulumiProject.open({
    folder,
    stack,
    env,
    ...(console.signal === undefined ? {} : { signal: console.signal }),
  });
}
