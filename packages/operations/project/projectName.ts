import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isScalar } from "yaml";
import { parsePulumiYaml } from "./pulumiYaml";

/**
 * The name of a Pulumi project, which is the namespace of its own configuration keys.
 *
 * @param folder the folder with `Pulumi.yaml`.
 * @returns undefined when the file cannot be read or gives no name.
 */
export function readProjectName(folder: string): string | undefined {
  return textAt(readProject(folder), "name");
}

/** The folder, within that of `Pulumi.yaml`, that a project keeps its stack files in. `config` is what it was called before. */
export function stackConfigFolder(folder: string): string {
  const project = readProject(folder);
  return textAt(project, "stackConfigDir") ?? textAt(project, "config") ?? ".";
}

function readProject(folder: string): Document | undefined {
  try {
    const document = parsePulumiYaml(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
    return document.errors.length === 0 ? document : undefined;
  } catch {
    return undefined;
  }
}

/** A text as it is written: what is a number or a date in YAML, such as 2026, the CLI takes for one all the same. */
function textAt(project: Document | undefined, key: string): string | undefined {
  const found = project?.get(key, true);
  return isScalar(found) && found.value !== null ? found.source : undefined;
}
