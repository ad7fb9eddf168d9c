import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coerce, SemVer } from "semver";
import { packageRoot } from "../packageRoot";

/** The folder with go.mod and go.sum, which pin every module of the build. */
export const goModuleFolder = join(packageRoot, "toolchain");

/** Package of the CLI. */
export const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

const goMod = readFileSync(join(goModuleFolder, "go.mod"), "utf8");

function inGoMod(line: RegExp): string {
  const found = line.exec(goMod)?.[1];
  if (found === undefined) throw new Error(`toolchain/go.mod has no line ${line.source}`);
  return found;
}

/** The CLI that is downloaded or built when none is installed: the one of go.mod. */
export const pinnedVersion = new SemVer(inGoMod(/^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m));

/** The oldest Go that builds it: the `go` line of go.mod. */
export const requiredGo = new SemVer(coerce(inGoMod(/^go (\S+)$/m)) ?? "");

/** `1.26` for 1.26.0, as Go's own pages write it. */
export const requiredGoName =
  requiredGo.patch === 0 ? `${requiredGo.major}.${requiredGo.minor}` : requiredGo.version;

/**
 * The oldest CLI that is used when it is found on PATH; `requiredPulumiVersion` in Pulumi.yaml says the same. Hooks for failed
 * operations, with which the stack explains refusals of Entra, reach the program since the releases of June 2026
 * (https://github.com/pulumi/pulumi/issues/23344); exit code 7, by which drift is told from failure, is older.
 */
export const minimumVersion = new SemVer("3.250.0");
