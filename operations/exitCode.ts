/** Exit codes of every operation; the same as the Pulumi CLI's. */
export const exitCode = {
  /** Done, and nothing to object to. */
  ok: 0,
  /** Failed, or could not look at everything. */
  failed: 1,
  /** Everything was looked at, and something is to be done. */
  differences: 7,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
