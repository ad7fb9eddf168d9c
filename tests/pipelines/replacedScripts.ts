import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether a step's script is one that a test of pipelines does not run, because it is what runs these tests: the installation of
 * the packages, and the tests themselves. What they name must be there.
 */
export function isReplacedHere(script: string, folder: string): boolean {
  const command = script.trim();
  if (command === "npm ci") {
    assert.ok(existsSync(join(folder, "package-lock.json")), "npm ci needs package-lock.json");
    return true;
  }
  const named = /^npm (?:run )?(test\b[\w:]*)$/.exec(command)?.[1];
  if (named === undefined) return false;
  const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  assert.ok(named in scripts, `package.json has no script ${named}`);
  return true;
}
