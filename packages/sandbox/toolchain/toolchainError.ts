import { minimumVersion, requiredGoName } from "./pinnedVersion";

/** One way to a CLI that was tried, and why it gave none. */
export interface Attempt {
  /** The way, in a few words: `pulumi on PATH`, `official download`, … */
  readonly source: string;
  /** Why it gave no CLI, as a clause that can follow a colon. May span several lines. */
  readonly reason: string;
}

/** A source could not give a CLI; the next one is tried. The message is the {@link Attempt.reason}. */
export class SourceUnavailable extends Error {
  override readonly name = "SourceUnavailable";
}

/** No Pulumi CLI could be had. The message is meant for the user as it stands, without a stack trace. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";

  constructor(attempts: readonly Attempt[]) {
    super(
      [
        `There is no Pulumi CLI to work with (v${minimumVersion.version} or newer is needed), and none could be obtained. Tried:`,
        ...attempts.map(({ source, reason }) => `  - ${source}: ${reason}`),
        "Either of these helps:",
        "  1. Install the Pulumi CLI as https://www.pulumi.com/docs/install/ says, then run this again.",
        `  2. Install Go ${requiredGoName} or newer from https://go.dev/dl/, so that \`go\` is on PATH, then run this again:`,
        "     the CLI is then built here, which takes about 3 minutes on two cores.",
      ].join("\n"),
    );
  }
}
