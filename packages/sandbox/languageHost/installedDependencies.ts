import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { satisfies } from "semver";
import { isMapping } from "../mapping";

/**
 * Whether everything that a package.json depends on is there already, in the versions it asks for, in its folder or one above.
 * What is not asked for by a version range, such as a folder, counts as not there.
 *
 * @param directory that holds the package.json.
 */
export function dependenciesAreInstalled(directory: string): boolean {
  const manifest = readJson(join(directory, "package.json"));
  const asked = [manifest?.["dependencies"], manifest?.["devDependencies"]].flatMap((entries) =>
    isMapping(entries) ? Object.entries(entries) : [],
  );
  return (
    manifest !== undefined &&
    asked.every(([name, range]) => {
      const version = installedVersion(name, directory);
      return version !== undefined && typeof range === "string" && satisfies(version, range);
    })
  );
}

function installedVersion(name: string, directory: string): string | undefined {
  const version = readJson(join(directory, "node_modules", name, "package.json"))?.["version"];
  if (typeof version === "string") {
    return version;
  }
  const parent = dirname(directory);
  return parent === directory ? undefined : installedVersion(name, parent);
}

function readJson(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isMapping(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
