import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SemVer } from "semver";
import { coerce } from "semver";
import { packageRoot } from "../packageRoot";

/** The folder with go.mod and go.sum, which pin every module of the build. */
export const goModuleFolder = join(packageRoot, "toolchain");
const goMod = readFileSync(join(goModuleFolder, "go.mod"), "utf8");

/** Package of the CLI. */
export const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** The oldest Go that builds it: the `go` line of go.mod, which with go.sum pins every module of the build. */
export const requiredGo: SemVer = readRequiredGo();

function readRequiredGo(): SemVer {
  const line = /^go (\S+)$/m.exec(goMod);
  const version = coerce(line?.[1]);
  if (version === null) throw new Error("toolchain/go.mod has no go line");
  return version;
}

/** `1.26` for 1.26.0, as Go's own pages write it. */
export const requiredGoName =
  requiredGo.patch === 0 ? `${requiredGo.major}.${requiredGo.minor}` : requiredGo.version;

/**
 * The version of a module that go.mod requires.
 *
 * @param path such as `github.com/pulumi/pulumi/pkg/v3`
 */
export function requiredModule(path: string): string {
  const line = goMod.split("\n").find((text) => text.trim().startsWith(`${path} v`));
  if (line === undefined) throw new Error(`toolchain/go.mod does not require ${path}`);
  return line.trim().split(" ")[1] ?? "";
}
