/**
 * Whether a command is known to print secrets, because Pulumi itself does: its SDK for Node.js hands every resource's outputs to the
 * engine as a debug message, in the clear, and the engine writes those to its log from `-v=3` on and shows them with `--debug`. From
 * `-v=9` on the engine logs the properties in every request to a provider, too.
 */
export function isKnownToLeak(command: string): boolean {
  return /^pulumi .*(-v=[3-9]|--debug)/.test(command);
}
