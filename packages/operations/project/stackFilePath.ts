import { join } from "node:path";
import { stackConfigFolder } from "./projectName";

/** Where the Pulumi CLI keeps the configuration of a stack. */
export function stackFilePath(folder: string, stack: string): string {
  return join(folder, stackConfigFolder(folder), `Pulumi.${stack.slice(stack.lastIndexOf("/") + 1)}.yaml`);
}
