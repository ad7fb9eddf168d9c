import output from "node:console";
import { script } from "@bomb.sh/tab";
import addCommands from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/**
 * Adds the command `completion` to a command line that has all others.
 *
 * @param finish runs the work of a command that is about no stack, and writes its result
 */
export function addCompletion(program: Command, finish: (work: () => string) => Promise<void>): void {
  addCommands(program, { completionCommandName: "completion" });
  program.commands
    .find((command) => command.name() === "completion")
    ?.description("write a script with which a shell completes commands and options")
    .action((shell: string) => finish(() => scriptFor(shell, program.name())));
}

/**
 * The script for a shell, without the `readonly` of its constants: every program's script has the same ones, and bash complains
 * of the second.
 */
function scriptFor(shell: string, name: string): string {
  const print = output.log.bind(output);
  let written = "";
  try {
    // The package only prints it.
    output.log = (text: string) => void (written += `${text}\n`);
    script(shell, name, name);
  } finally {
    output.log = print;
  }
  return written.replaceAll(/^readonly (?=ShellCompDirective)/gm, "");
}
