/** Arguments of a command, told apart. */
export interface CommandArguments {
  /** What stands before the first option, such as `issue list`. */
  readonly positional: readonly string[];
  /** Values by option; an option without a value has `""`, one with several has them joined by blanks. */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Tells arguments apart.
 *
 * @param known the options that the command has: 0, 1 or any number (`many`) of values
 * @throws Error on an option that it does not have, or without its value
 */
export function readArguments(
  argv: readonly string[],
  known: Readonly<Record<string, 0 | 1 | "many">>,
): CommandArguments {
  const positional: string[] = [];
  const options: Record<string, string> = {};
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    if (!argument.startsWith("--")) {
      positional.push(argument);
      continue;
    }
    const count = known[argument.slice(2)];
    if (count === undefined) throw new Error(`unknown flag: ${argument}`);
    const values: string[] = [];
    while (count !== 0 && (count === "many" || values.length < 1)) {
      const next = argv[index + 1];
      if (next === undefined || (count === "many" && next.startsWith("--"))) break;
      values.push(next);
      index++;
    }
    if (count === 1 && values.length === 0) throw new Error(`flag needs an argument: ${argument}`);
    options[argument.slice(2)] = values.join(" ");
  }
  return { positional, options };
}
