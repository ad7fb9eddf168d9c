import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, resolve } from "node:path";

/** File name of a program on this platform. Windows is written for, but not tested. */
export function executableName(program: string): string {
  return process.platform === "win32" ? `${program}.exe` : program;
}

/**
 * The first executable file of that name on PATH, as an absolute path; nothing when there is none.
 * @param program name without extension
 */
export async function executableOnPath(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (searchPath(env) ?? "").split(delimiter)) {
    // an empty entry would mean the current folder: nothing there is run unasked
    if (folder === "") continue;
    const candidate = resolve(folder, executableName(program));
    if (await isExecutableFile(candidate)) return candidate;
  }
  return undefined;
}

/** Whether there is a file that may be executed. */
export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function searchPath(env: NodeJS.ProcessEnv): string | undefined {
  if (process.platform !== "win32") return env["PATH"];
  return Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1];
}
