import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SemVer } from "semver";

/** File at the top of the repository that pins the CLI; `pulumi-version-file` of pulumi/actions reads it too. */
export const pinFile = join(__dirname, "..", "..", "..", ".pulumi.version");

/** The CLI that is downloaded or built when none is installed. `toolchain/go.mod` requires the same version. */
export const pinnedVersion = new SemVer(readFileSync(pinFile, "utf8").trim());

/**
 * The oldest CLI that is used when it is found on PATH; `requiredPulumiVersion` in Pulumi.yaml says the same. Hooks for failed
 * operations, with which the stack explains refusals of Entra, reach the program since the releases of June 2026
 * (https://github.com/pulumi/pulumi/issues/23344); exit code 7, by which drift is told from failure, is older.
 */
export const minimumVersion = new SemVer("3.250.0");
