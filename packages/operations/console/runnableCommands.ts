/** A word of a command line in prose, where it would end with a mark; or one in quotes, with an apostrophe as a shell takes it. */
const word = [
  String.raw`(?!pulumi\b|#|['"\\])[^\s;|"\u0060]*[^\s;|"\u0060,:.]`,
  String.raw`'[^'\n]*'(?:\\+''[^'\n]*')*`,
  // In JSON, with a backslash before each quote.
  String.raw`"[^"\n]*"[^\s"\u0060]*`,
  String.raw`\\"[^"\n]*\\"[^\s"\u0060]*`,
].join("|");
const words = String.raw`(?:(?:${word}) )+?`;
/** Before a command: what is no part of a name, or a colour; not the sandbox. */
const before = String.raw`(?<!exec -- )(?<=^|[^\w:/.-]|\u001b\[\d+m)`;
const pulumiCommand = new RegExp(String.raw`${before}pulumi (?=${words}--stack )`, "gm");
const operation = new RegExp(String.raw`${before}npx dicom-ops (${words})--stack [\w./-]*\w`, "gm");

/**
 * Writes the commands in a text so that they can be pasted when the operation was started by a sandbox: its stack is nowhere to be
 * found without it. A command is what names its stack with `--stack`; in prose the names of commands stay.
 *
 * @param env in which the sandbox says how it is called
 */
export function runnableCommands(text: string, env: NodeJS.ProcessEnv): string {
  const sandbox = env["ENTRA_SANDBOX_COMMAND"];
  if (!sandbox) return text;
  return text
    .replace(pulumiCommand, () => `${sandbox} exec -- pulumi `)
    .replace(operation, (_, args: string) => `${sandbox} ops ${args.trimEnd()}`);
}
