import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DependencyInfo } from "@pulumi/pulumi/proto/language_pb";
import { isMapping } from "../mapping";

const lockFile = "package-lock.json";

/**
 * The npm packages that a program depends on, with the versions that the lock file pins.
 *
 * @param directory the program's folder; the lock file may be in a folder above.
 * @param transitive whether the dependencies of dependencies count.
 * @throws an Error when there is no lock file, or when it is not one of npm 7 or newer.
 */
export function programDependencies(directory: string, transitive: boolean): DependencyInfo[] {
  const file = searchUp(resolve(directory));
  if (file === undefined) {
    throw new Error(`no ${lockFile} found (searching upwards from ${directory})`);
  }
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  const packages = isMapping(content) ? content["packages"] : undefined;
  if (!isMapping(packages)) {
    throw new Error(`could not parse ${file}: it has no packages`);
  }
  const direct = directNames(packages[""]);
  return Object.entries(packages).flatMap(([path, entry]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const isDirect = path === `node_modules/${name}` && direct.has(name);
    if (
      path === "" ||
      !isMapping(entry) ||
      typeof entry["version"] !== "string" ||
      !(transitive || isDirect)
    ) {
      return [];
    }
    const dependency = new DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(entry["version"]);
    return [dependency];
  });
}

function searchUp(directory: string): string | undefined {
  const file = join(directory, lockFile);
  if (existsSync(file)) {
    return file;
  }
  const parent = dirname(directory);
  return parent === directory ? undefined : searchUp(parent);
}

function directNames(root: unknown): ReadonlySet<string> {
  const names = (key: string): string[] =>
    isMapping(root) && isMapping(root[key]) ? Object.keys(root[key]) : [];
  return new Set([...names("dependencies"), ...names("devDependencies")]);
}
