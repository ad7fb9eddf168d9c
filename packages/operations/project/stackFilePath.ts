import { join } from "node:path";

/** Where the Pulumi CLI keeps the configuration of a stack. */
export function stackFilePath(folder: string, stack: string): string {
  return join(folder, `Pulumi.${stack.slice(stack.lastIndexOf("/") + 1)}.yaml`);
}
