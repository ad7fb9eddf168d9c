import { CommandError } from "@pulumi/pulumi/automation";

/** Exit codes of every command of ours; the same as the Pulumi CLI's. */
export const exitCode = {
  /** Done; nothing to object to. */
  ok: 0,
  /** Failed. */
  failed: 1,
  /** Differences were found where none were expected. */
  changes: 7,
  /** Interrupted by the user, as shells report it. */
  interrupted: 130,
} as const;

/**
 * The exit code of the Pulumi CLI behind an error of the Automation API, which says it in words only.
 *
 * @returns undefined when the error is not about a run of the CLI.
 */
export function exitCodeOf(error: unknown): number | undefined {
  if (!(error instanceof CommandError)) {
    return undefined;
  }
  const match = /Command failed with exit code (\d+)/.exec(error.message);
  return match ? Number(match[1]) : exitCode.failed;
}
