import { type Command, Option } from "commander";

/** Lets every command that can write JSON be asked for it by `--json`, too. */
export function addJsonOptions(parent: Command): void {
  for (const command of parent.commands) {
    addJsonOptions(command);
    const format = command.options.find((option) => option.attributeName() === "format");
    if (!format?.argChoices?.includes("json")) continue;
    command.addOption(new Option("--json", "the same as --format json"));
    command.hook("preAction", () => {
      const { json, format: chosen } = command.opts<{ json?: boolean; format: string }>();
      if (json !== true) return;
      if (command.getOptionValueSource("format") === "cli" && chosen !== "json") {
        command.error(`error: option '--json' cannot be used with '--format ${chosen}'`);
      }
      command.setOptionValue("format", "json");
    });
  }
}
