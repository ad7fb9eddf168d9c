import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersion } from "entra-sandbox";

/**
 * Whether a step's script is one that a test of pipelines does not run: the installation of the packages and of the Pulumi CLI, and the
 * project's own tests, which are what runs these tests. What they name must be there.
 */
export function isReplacedHere(script: string, folder: string): boolean {
  const command = script.trim();
  if (command === "npm ci") {
    assert.ok(existsSync(join(folder, "package-lock.json")), "npm ci needs package-lock.json");
    return true;
  }
  const [, version] = /releases\/sdk\/pulumi-v([\d.]+)-linux-x64\.tar\.gz/.exec(command) ?? [];
  if (version !== undefined) {
    assert.equal(version, pinnedVersion.version);
    return true;
  }
  return command === "npm test --if-present";
}
