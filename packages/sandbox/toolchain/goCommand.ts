import { execFile } from "node:child_process";
import { coerce, gte } from "semver";
import { executableOnPath } from "./executableOnPath";
import { requiredGo, requiredGoName } from "./goModule";
import type { SearchContext } from "./searchContext";
import { SourceUnavailable } from "./toolchainError";

/** A Go that can build the CLI. */
export interface GoCommand {
  readonly path: string;
  /** As Go reports it: `go1.26.8`. */
  readonly version: string;
  /** Environment that makes a build depend on the committed module files alone, for this machine's own platform. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds `go` on PATH and asks it for its version.
 * @param folder where it is run: outside any Go module, whose go.mod a Go that is too old would stumble over
 * @throws SourceUnavailable when there is none, it is too old or does not answer
 */
export async function findGo(folder: string, context: SearchContext): Promise<GoCommand> {
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
  const output = await ask(path, ["env", "GOVERSION", "GOHOSTOS", "GOHOSTARCH"], folder, env, context.signal);
  const [version = "", system = "", architecture = ""] = output.split(/\r?\n/);
  const number = coerce(version);
  if (number === null) throw new SourceUnavailable(`${path} does not tell its version`);
  if (!gte(number, requiredGo)) {
    throw new SourceUnavailable(
      `${path} is ${version}, which is too old: Go ${requiredGoName} or newer is needed (toolchain/go.mod)`,
    );
  }
  return { path, version, env: { ...env, GOOS: system, GOARCH: architecture } };
}

function ask(
  path: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      path,
      args,
      { cwd, env, signal, timeout: 30_000, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(new SourceUnavailable(`${path} does not work: ${stderr.trim() || error.message}`));
      },
    );
  });
}
