/**
 * Whether a command is known to print secrets, because Pulumi itself does: its SDK for Node.js hands every resource's outputs to the
 * engine as a debug message, in the clear. `up --json` streams those, `--debug` shows them, and `-v=3` and above log them. From
 * `-v=9` on the engine logs the properties in every request to a provider, too.
 */
export function isKnownToLeak(command: string): boolean {
  return /^pulumi (.*(-v=[3-9]|--debug)|up .*--json)/.test(command);
}
