import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package, whether its sources or what they are compiled to are at work. */
export const packageRoot = dirname(require.resolve("entra-sandbox/package.json"));

/** A script of this package in its compiled form, for a process of its own. */
export function compiledScript(...path: readonly string[]): string {
  return join(packageRoot, "bin", ...path);
}

/** The version of this package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}
