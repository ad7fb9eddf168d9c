import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { PulumiCli } from "./pulumiCli";

const commands = new Map<string, Promise<PulumiCommand>>();

/**
 * The Automation API's handle on a CLI, for `pulumiCommand` of a LocalWorkspace. Getting it starts the CLI once, which
 * takes about 0.15 s; asked again for the same CLI, this process reuses the handle.
 * @param cli what ensurePulumiCli returned. One without `root` is taken from this process's own PATH, because the
 *   Automation API knows an executable only as `<root>/bin/pulumi` or by PATH
 */
export function pulumiCommand(cli: PulumiCli): Promise<PulumiCommand> {
  const known = commands.get(cli.path);
  if (known !== undefined) return known;
  const command = PulumiCommand.get(cli.root === undefined ? {} : { root: cli.root });
  commands.set(cli.path, command);
  command.catch(() => commands.delete(cli.path));
  return command;
}
