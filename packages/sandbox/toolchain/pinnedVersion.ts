import { SemVer } from "semver";
import { requiredModule } from "./goModule";

/** The CLI that is downloaded or built when none is installed: the one of go.mod. */
export const pinnedVersion = new SemVer(requiredModule("github.com/pulumi/pulumi/pkg/v3"));

/**
 * The oldest CLI that is used when it is found on PATH; `requiredPulumiVersion` in Pulumi.yaml says the same. Hooks for failed
 * operations, with which the stack explains refusals of Entra, reach the program since the releases of June 2026
 * (https://github.com/pulumi/pulumi/issues/23344); exit code 7, by which drift is told from failure, is older.
 */
export const minimumVersion = new SemVer("3.250.0");
