import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SemVer } from "semver";

/** File at the top of the repository that pins the CLI; `pulumi-version-file` of pulumi/actions reads it too. */
export const pinFile = join(__dirname, "..", ".pulumi.version");

/** The CLI that is downloaded or built when none is installed. `toolchain/go.mod` requires the same version. */
export const pinnedVersion = new SemVer(readFileSync(pinFile, "utf8").trim());

/**
 * The oldest CLI that is used when it is found on PATH. Exit code 7, "changes found", by which drift is told
 * from failure, exists since v3.227.0 (release notes of pulumi/pulumi).
 */
export const minimumVersion = new SemVer("3.227.0");
