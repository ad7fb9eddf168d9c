import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { PackageDependency, PackageParameterization } from "@pulumi/pulumi/proto/plugin_pb";
import { isMapping } from "../mapping";
import { type JsonObject, parseJsonObject, textIn } from "../standIn/http/jsonBody";

const policyPackFiles = ["PulumiPolicy.yaml", "PulumiPolicy.yml", "PulumiPolicy.json"];

/**
 * The provider plugins that a program may need: those of every package below its folder that says in its package.json that
 * it belongs to one, whether the program imports it or not. Policy packs in the folder do not count. What cannot be read is
 * left out, as with the real host.
 *
 * @param directory the program's folder.
 */
export function requiredPackages(directory: string): PackageDependency[] {
  const found: PackageDependency[] = [];
  search(resolve(directory), false, new Set(), found);
  return found;
}

function search(
  directory: string,
  isPackage: boolean,
  visited: Set<string>,
  found: PackageDependency[],
): void {
  if (visited.has(directory)) {
    return;
  }
  visited.add(directory);
  for (const name of entriesOf(directory)) {
    const path = name.isSymbolicLink() ? target(join(directory, name.name)) : join(directory, name.name);
    if (path === undefined) {
      continue;
    }
    if (name.isDirectory() || (name.isSymbolicLink() && statSync(path).isDirectory())) {
      if (!entriesOf(path).some((entry) => policyPackFiles.includes(entry.name) && !entry.isDirectory())) {
        search(path, isPackage || basename(directory) === "node_modules", visited, found);
      }
    } else if (isPackage && name.name === "package.json") {
      const dependency = readDependency(path);
      if (dependency !== undefined) {
        found.push(dependency);
      }
    }
  }
}

function entriesOf(directory: string): ReturnType<typeof readDirectory> {
  try {
    return readDirectory(directory);
  } catch {
    return [];
  }
}

function readDirectory(directory: string) {
  return readdirSync(directory, { withFileTypes: true });
}

function target(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

function readDependency(file: string): PackageDependency | undefined {
  const manifest = readJson(file);
  const plugin = manifest?.["pulumi"];
  if (manifest === undefined || !isMapping(plugin) || plugin["resource"] !== true) {
    return undefined;
  }
  const name = textIn(plugin["name"]) || pulumiName(textIn(manifest["name"]));
  const version = textIn(plugin["version"]) || textIn(manifest["version"]);
  if (name === "" || version === "") {
    return undefined;
  }
  const dependency = new PackageDependency();
  dependency.setName(name);
  dependency.setKind("resource");
  dependency.setVersion(version.startsWith("v") ? version : `v${version}`);
  dependency.setServer(textIn(plugin["server"]));
  const parameterization = plugin["parameterization"];
  if (isMapping(parameterization)) {
    const parameter = new PackageParameterization();
    parameter.setName(textIn(parameterization["name"]));
    parameter.setVersion(textIn(parameterization["version"]));
    parameter.setValue(textIn(parameterization["value"]));
    dependency.setParameterization(parameter);
  }
  return dependency;
}

function readJson(file: string): JsonObject | undefined {
  try {
    return parseJsonObject(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Packages of Pulumi's own scope are named after their plugin; others must name it. */
function pulumiName(packageName: string): string {
  return packageName.startsWith("@pulumi/") ? packageName.slice("@pulumi/".length) : "";
}
