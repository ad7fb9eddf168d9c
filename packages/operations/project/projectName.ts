import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isMapping } from "dicom-service-client/model";

/**
 * The name of a Pulumi project, which is the namespace of its own configuration keys.
 *
 * @param folder the folder with `Pulumi.yaml`.
 * @returns undefined when the file cannot be read or gives no name.
 */
export function readProjectName(folder: string): string | undefined {
  try {
    const project: unknown = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
    const name = isMapping(project) ? project["name"] : undefined;
    // A name such as 2026 is a number in YAML, and the CLI takes it all the same.
    return typeof name === "string" || typeof name === "number" ? String(name) : undefined;
  } catch {
    return undefined;
  }
}
