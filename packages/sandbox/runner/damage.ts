import { DamagedFileError } from "../tenant/core/tenantError";

/** What starts over. */
const resetHint =
  "`npx entra-sandbox reset`, with the same --folder if you gave one, removes everything the sandbox keeps, including its tenant and stack; the next command starts over.";

/** What the engine says when the sandbox's passphrase or state is not what it was. */
const damagedState =
  /incorrect passphrase|failed to load checkpoint|failed to decrypt|could not deserialize deployment/;

/** What to say of an error that comes from a damaged file of the sandbox; undefined of another. */
export function explainDamage(error: unknown): string | undefined {
  if (error instanceof DamagedFileError) return `${error.message}\n${resetHint}`;
  if (!(error instanceof Error)) return undefined;
  if (damagedState.test(error.message)) {
    return `The state of the sandbox's stack, or its passphrase, is damaged.\n${resetHint}`;
  }
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  return code === "EISDIR" || (code === "EEXIST" && syscall === "mkdir")
    ? `${path ?? "A file of the sandbox"} is not what the sandbox wrote (${code}).\n${resetHint}`
    : undefined;
}
