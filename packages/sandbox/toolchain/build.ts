import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { coerce, gte } from "semver";
import { executableOnPath } from "./executableOnPath";
import type { InstallContext } from "./installContext";
import { cliPackage, goModuleFolder, pinnedVersion, requiredGo, requiredGoName } from "./pinnedVersion";
import { failureOf, runProcess } from "./runProcess";
import { SourceUnavailable } from "./toolchainError";

/**
 * Builds the CLI from Pulumi's published Go modules at the versions of go.mod and go.sum.
 * @param executable where it goes
 * @throws SourceUnavailable when there is no Go that is new enough, or the build fails
 */
export async function build(
  { executable, scratch }: { readonly executable: string; readonly scratch: string },
  context: InstallContext,
): Promise<void> {
  const { progress, signal, found, heartbeat } = context;
  await mkdir(scratch, { recursive: true });
  const go = await findGo(scratch, context);
  const version = `v${pinnedVersion.version}`;
  progress(
    `${found} Pulumi CLI found; building ${version} from its Go modules with ${go.version}, ` +
      `about 3 minutes on two cores (here: ${availableParallelism()})`,
  );
  const start = performance.now();
  const output = new BuildOutput();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - start) / 1000);
    progress(`building the Pulumi CLI ${version}: ${seconds} s, ${output.step()}`);
  }, heartbeat);
  try {
    const code = await runProcess({
      command: go.path,
      args: [
        "build",
        "-v",
        "-trimpath",
        "-tags",
        "osusergo,grpcnotrace",
        "-ldflags",
        `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`,
        "-o",
        executable,
        cliPackage,
      ],
      cwd: goModuleFolder,
      env: { ...go.env, GOTMPDIR: scratch },
      signal,
      onLine: (line) => output.add(line),
    });
    if (code !== 0) {
      throw new SourceUnavailable(failureOf("`go build`", code, output.errors));
    }
  } finally {
    clearInterval(timer);
  }
}

/**
 * Finds `go` on PATH and asks it for its version.
 * @param folder where it is run: outside any Go module, whose go.mod a Go that is too old would stumble over
 * @returns the environment makes a build depend on the committed module files alone, for this machine's own platform
 */
async function findGo(
  folder: string,
  context: InstallContext,
): Promise<{ readonly path: string; readonly version: string; readonly env: NodeJS.ProcessEnv }> {
  const path = await executableOnPath("go", context.env);
  if (path === undefined) throw new SourceUnavailable("no `go` on PATH");
  const env: NodeJS.ProcessEnv = {
    ...context.env,
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    // a go.work further up would add modules to the build
    GOWORK: "off",
    // another Go is never fetched unasked: a second download, of unknown length, inside the build
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
  };
  const lines: string[] = [];
  const code = await runProcess({
    command: path,
    args: ["env", "GOVERSION", "GOHOSTOS", "GOHOSTARCH"],
    cwd: folder,
    env,
    signal: context.signal,
    onLine: (line) => lines.push(line),
  });
  if (code !== 0) throw new SourceUnavailable(`${path} does not work: ${lines.join("; ")}`);
  const [version = "", system = "", architecture = ""] = lines;
  const number = coerce(version);
  if (number === null) throw new SourceUnavailable(`${path} does not tell its version`);
  if (!gte(number, requiredGo)) {
    throw new SourceUnavailable(
      `${path} is ${version}, which is too old: Go ${requiredGoName} or newer is needed (toolchain/go.mod)`,
    );
  }
  return { path, version, env: { ...env, GOOS: system, GOARCH: architecture } };
}

/** Follows what `go build -v` prints: modules as they are downloaded, packages as they are compiled, errors. */
class BuildOutput {
  private modules = 0;
  private packages = 0;
  private isLinking = false;

  /** The lines that are neither a module nor a package: why a build failed. */
  readonly errors: string[] = [];

  add(line: string): void {
    if (line.startsWith("go: downloading ")) this.modules += 1;
    else if (line === cliPackage) this.isLinking = true;
    else if (/^[\w./~-]+$/.test(line)) this.packages += 1;
    else if (line.trim() !== "") this.errors.push(line);
  }

  /** What is being done now. */
  step(): string {
    if (this.isLinking) return "linking";
    if (this.packages > 0) return `compiling (${this.packages} packages so far)`;
    return this.modules > 0 ? `downloading modules (${this.modules} so far)` : "starting";
  }
}
