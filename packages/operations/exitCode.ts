/** Exit codes of every operation; 0, 1 and 7 are the Pulumi CLI's, too. */
export const exitCode = {
  /** Done, and nothing to object to. */
  ok: 0,
  /** Failed, or could not look at everything. */
  failed: 1,
  /** Everything was looked at, and something is to be done. */
  differences: 7,
  /** Interrupted by the user, as shells report it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
