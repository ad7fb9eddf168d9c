import { access, constants } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { packageRoot } from "../packageRoot";
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
  const name = process.platform === "win32" ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";
  const onPath = (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && resolve(folder) !== languageHostFolder);
  if (await isExecutable(join(dirname(cli.path), name))) {
    return { kind: "real", reason: "next to the CLI" };
  }
  for (const folder of onPath) {
    if (await isExecutable(join(folder, name))) {
      return { kind: "real", reason: `on PATH, in ${folder}` };
    }
  }
  return { kind: "stand-in", reason: "neither next to the CLI nor on PATH" };
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
