import { copyFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxFolder } from "./sandboxFolder";
import { stackName, type Project } from "./project";

/**
 * Puts the stack's state before the last change in the place of one that is cut off. The engine's own backend writes a state over
 * the one before, so a disk that becomes full leaves half of it, and every later command would fail; the engine keeps the one
 * before in a file beside it. What was created in between shows up as existing already. Of the attributes that the backend writes beside
 * each file, such as the type of its content, those that are cut off are removed: it can do without.
 *
 * @param note receives what the user should know.
 */
export async function recoverState(
  folder: SandboxFolder,
  project: Pick<Project, "name">,
  note: (line: string) => void,
): Promise<void> {
  const file = join(folder.backend, ".pulumi", "stacks", project.name, `${stackName}.json`);
  for (const attributes of [`${file}.attrs`, `${file}.bak.attrs`]) {
    if ((await isWhole(attributes)) === false) await rm(attributes);
  }
  const [state, before] = await Promise.all([isWhole(file), isWhole(`${file}.bak`)]);
  if (state !== false || before !== true) return;
  note(
    "The stack's state is truncated, as after a full disk; continuing from the state before the last change.",
  );
  await copyFile(`${file}.bak`, file);
}

/** Whether a file is complete JSON; undefined when there is no such file. */
async function isWhole(file: string): Promise<boolean | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
