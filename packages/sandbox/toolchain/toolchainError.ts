/** One way to a CLI that was tried, and why it gave none. */
export interface Attempt {
  /** The way, in a few words: `pulumi on PATH`, `official download`, … */
  readonly source: string;
  /** Why it gave no CLI, as a clause that can follow a colon. May span several lines. */
  readonly reason: string;
}

/** No Pulumi CLI could be had. The message is meant for the user as it stands, without a stack trace. */
export class ToolchainError extends Error {
  override readonly name: string = "ToolchainError";
}

/** The search was ended from outside before a CLI was ready. Nothing half-written stays behind. */
export class ToolchainInterruptedError extends ToolchainError {
  override readonly name = "ToolchainInterruptedError";

  /** @param interruptedBy the signal the process received; absent when the caller's AbortSignal fired. */
  constructor(readonly interruptedBy?: NodeJS.Signals) {
    super(
      `Stopped${interruptedBy === undefined ? "" : ` by ${interruptedBy}`} before the Pulumi CLI was ready. ` +
        "Nothing half-written was left behind; the next run starts over.",
    );
  }
}

/** A source could not give a CLI; the next one is tried. The message is the {@link Attempt.reason}. */
export class SourceUnavailable extends Error {
  override readonly name: string = "SourceUnavailable";
}

/** There is nothing at a source, which in contrast to something broken is no surprise. */
export class SourceMissing extends SourceUnavailable {
  override readonly name = "SourceMissing";
}
