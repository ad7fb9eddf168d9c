/** What an operation's end is explained with. */
export interface Explanation {
  /** What has been refused or was found, in the words of who said so. */
  readonly cause?: string;
  /** What the user can do about it, one step a line. */
  readonly cure?: string;
  /** The error behind it, for `--debug`. */
  readonly error?: unknown;
}

/** An end that the user can understand: shown as message, cause and cure, without a stack trace. */
export class OperationError extends Error {
  override readonly name = "OperationError";

  constructor(
    message: string,
    readonly explanation: Explanation = {},
  ) {
    super(message, { cause: explanation.error });
  }
}

/** Throws problems that were found one after the other, all at once; without any it does nothing. */
export function throwTogether(problems: readonly OperationError[]): void {
  const [only, ...others] = problems;
  if (only === undefined) return;
  if (others.length === 0) throw only;
  const lines = (kind: "cause" | "cure"): Explanation => {
    const all = problems.flatMap(({ explanation }) => explanation[kind] ?? []);
    return all.length === 0 ? {} : { [kind]: all.join("\n") };
  };
  throw new OperationError(problems.map(({ message }) => message).join("\n"), {
    ...lines("cause"),
    ...lines("cure"),
  });
}

/** An error's own message; a text for anything else that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
