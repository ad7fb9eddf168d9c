import { delimiter, dirname, join, resolve } from "node:path";
import { packageRoot } from "../packageRoot";
import { executableName, executableOnPath, isExecutableFile } from "../toolchain/executableOnPath";
import type { PulumiCli } from "../toolchain/pulumiCli";

/** Which language host a plain Pulumi CLI would find for Node.js, and why. */
export interface ChosenLanguageHost {
  readonly kind: "real" | "stand-in";
  /** Why it is this kind, for the user. */
  readonly reason: string;
}

/** Holds the stand-in under the name that the engine looks for. */
export const languageHostFolder = join(packageRoot, "languageHost", "executable");

/**
 * Looks for the real language host where the engine does. It comes with Pulumi's own distribution of the CLI and is nowhere else
 * to be had.
 *
 * @param environment whose PATH counts.
 */
export async function chooseLanguageHost(
  cli: PulumiCli,
  environment: NodeJS.ProcessEnv,
): Promise<ChosenLanguageHost> {
  const host = "pulumi-language-nodejs";
  if (await isExecutableFile(join(dirname(cli.path), executableName(host)))) {
    return { kind: "real", reason: "next to the CLI" };
  }
  const others = (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => resolve(folder) !== languageHostFolder);
  const found = await executableOnPath(host, { ...environment, PATH: others.join(delimiter) });
  return found === undefined
    ? { kind: "stand-in", reason: "neither next to the CLI nor on PATH" }
    : { kind: "real", reason: `on PATH, in ${dirname(found)}` };
}
