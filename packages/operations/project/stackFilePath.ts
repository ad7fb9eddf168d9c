import { join } from "node:path";
import { stackConfigFolder } from "./projectName";
import { lastPart } from "./lastPart";

/** Where the Pulumi CLI keeps the configuration of a stack. */
export function stackFilePath(folder: string, stack: string): string {
  return join(folder, stackConfigFolder(folder), `Pulumi.${lastPart(stack)}.yaml`);
}
