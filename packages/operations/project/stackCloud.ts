import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isMapping } from "dicom-service-client/model";

/**
 * The name of the cloud that a stack is in, as the azuread provider names it, read from its file alone: a pipeline needs it before it
 * is signed in, so before Pulumi can read anything.
 */
export async function stackCloud(folder: string, stack: string, env: NodeJS.ProcessEnv): Promise<string> {
  const short = stack.split("/").at(-1) ?? stack;
  const file = await readFile(join(folder, `Pulumi.${short}.yaml`), "utf8").then(
    (text): unknown => parse(text),
    () => undefined,
  );
  const config = isMapping(file) ? file["config"] : undefined;
  const named = isMapping(config) ? config["azuread:environment"] : undefined;
  return (typeof named === "string" ? named : env["ARM_ENVIRONMENT"]) || "public";
}
