import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMapping } from "dicom-service-client/model";
import { parsePulumiYaml } from "./pulumiYaml";
import { stackFilePath } from "./stackFilePath";

/**
 * The name of the cloud that a stack is in, as the azuread provider names it, read from the stack's file, or else the project's: a
 * pipeline needs it before it is signed in, so before Pulumi can read anything.
 */
export async function stackCloud(folder: string, stack: string, env: NodeJS.ProcessEnv): Promise<string> {
  return (
    (await environmentIn(stackFilePath(folder, stack))) ||
    (await environmentIn(join(folder, "Pulumi.yaml"))) ||
    env["ARM_ENVIRONMENT"] ||
    "public"
  );
}

/** A file that is not there or is no YAML names none: Pulumi says so once it reads it. */
async function environmentIn(file: string): Promise<string | undefined> {
  const document = parsePulumiYaml(await readFile(file, "utf8").catch(() => ""));
  if (document.errors.length > 0) return undefined;
  const content: unknown = document.toJS();
  const config = isMapping(content) && isMapping(content["config"]) ? content["config"] : {};
  const [, written] =
    Object.entries(config).find(([key]) => /^azuread:(config:)?environment$/.test(key)) ?? [];
  // A project declares a value for every stack, or a default.
  const value = isMapping(written) ? (written["value"] ?? written["default"]) : written;
  return typeof value === "string" ? value : undefined;
}
