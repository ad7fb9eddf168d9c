import { execFile } from "node:child_process";
import { parse, type SemVer } from "semver";
import { measure } from "./executableMeasures";

/** A CLI answers in about 0.15 s; a machine that is very busy gets this many milliseconds. */
const deadline = 30_000;

/** An executable that is there but does not answer as a Pulumi CLI does. The message says what it did. */
export class BrokenExecutable extends Error {
  override readonly name = "BrokenExecutable";
}

/** What was reported, by the executable's path and measures. */
const reported = new Map<string, SemVer>();

/**
 * Runs `pulumi version` and returns what it reports; asked again for the same executable, this process remembers.
 * @throws BrokenExecutable when it cannot be started, fails, does not answer, or prints something else
 * @throws the signal's reason when that fires
 */
export async function reportedVersion(
  path: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<SemVer> {
  const measures = await measure(path);
  if (measures === undefined) return askVersion(path, env, signal);
  const key = JSON.stringify([path, measures]);
  const known = reported.get(key);
  if (known !== undefined) return known;
  const version = await askVersion(path, env, signal);
  reported.set(key, version);
  return version;
}

async function askVersion(path: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<SemVer> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      path,
      ["version"],
      { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: deadline, killSignal: "SIGKILL", signal },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(new BrokenExecutable(describeFailure(error)));
      },
    );
  });
  const version = parse(output.trim());
  if (version === null) {
    throw new BrokenExecutable(
      output.trim() === ""
        ? "it prints nothing for `pulumi version`"
        : `it prints ${JSON.stringify(output.trim().slice(0, 60))} for \`pulumi version\``,
    );
  }
  return version;
}

function describeFailure(error: Error & { code?: unknown; killed?: boolean; signal?: unknown }): string {
  if (error.killed === true) return `it does not answer \`pulumi version\` within ${deadline / 1000} s`;
  if (typeof error.code === "string") return `it cannot be started (${error.code})`;
  if (typeof error.code === "number") return `\`pulumi version\` ends with exit code ${error.code}`;
  return `\`pulumi version\` is ended by ${String(error.signal)}`;
}
