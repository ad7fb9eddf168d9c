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
}

/** A stack that has been found, and what it declares. */
export interface OpenStack {
  readonly project: PulumiProject;
  readonly declaration: StackDeclaration;
}

/** Finds the stack and reads its declaration: the way of every operation. */
export async function openStack({ console, env, folder, stack }: OperationContext): Promise<OpenStack> {
  console.note(`Reading the declaration of the stack ${stack}`);
  const project = await PulumiProject.open({
    folder,
    stack,
    env,
    note: (line) => {
      console.note(line);
    },
    ...(console.signal === undefined ? {} : { signal: console.signal }),
  });
  return { project, declaration: await readDeclaration(project, env, console.clock.now()) };
}
