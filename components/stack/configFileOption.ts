import { readFile, readlink } from "node:fs/promises";
import { basename, resolve } from "node:path";

/** How many processes above this one are looked at: the language host is one, a shell around it may be another. */
const furthestAncestor = 5;

/**
 * The file that `pulumi --config-file` names, in the place of the stack's own. Pulumi does not tell the program, so it is read
 * from the command line of the process that has started it. Only Linux shows that; elsewhere the option stays unknown.
 */
export async function configFileOption(): Promise<string | undefined> {
  let pid = process.ppid;
  for (let generation = 0; generation < furthestAncestor && pid > 1; generation += 1) {
    const [program = "", ...args] = (await textOf(`/proc/${pid}/cmdline`)).split("\0");
    if (/^pulumi(\.exe)?$/.test(basename(program))) {
      const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
      const named = optionValue(args, "--config-file");
      return folder === undefined || named === undefined ? undefined : resolve(folder, named);
    }
    pid = Number(/^PPid:\s*(\d+)$/m.exec(await textOf(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return undefined;
}

function optionValue(args: readonly string[], option: string): string | undefined {
  const index = args.findIndex((arg) => arg === option || arg.startsWith(`${option}=`));
  const found = args[index];
  return found === option ? args[index + 1] : found?.slice(option.length + 1);
}

function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
