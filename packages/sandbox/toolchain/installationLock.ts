import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { startHeartbeat } from "./heartbeat";
import type { SearchContext } from "./searchContext";

/** Only the holder may change the installation it was taken for. */
export interface InstallationLock {
  /** Fires when another run has taken the lock over, for instance after this machine had been asleep. */
  readonly lost: AbortSignal;
  /** Gives the lock back; harmless when it was lost. */
  release(): Promise<void>;
}

/**
 * Waits for the lock on an installation, saying so, and takes it. A lock whose holder was killed is taken over once it
 * has shown no sign of life for `settings.lockStale` milliseconds.
 * @param root the installation; its parent folder must exist
 */
export async function lockInstallation(root: string, context: SearchContext): Promise<InstallationLock> {
  const { settings, signal, progress } = context;
  const lost = new AbortController();
  let stopHeartbeat: (() => void) | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        const release = await lock(root, {
          realpath: false,
          stale: settings.lockStale,
          update: settings.lockStale / 4,
          onCompromised: (error) => lost.abort(error),
        });
        return { lost: lost.signal, release: () => (lost.signal.aborted ? Promise.resolve() : release()) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      }
      if (stopHeartbeat === undefined) {
        progress("another run is already preparing the Pulumi CLI; waiting for it");
        stopHeartbeat = startHeartbeat(
          progress,
          settings.heartbeat,
          (seconds) => `waiting for the other run that prepares the Pulumi CLI: ${seconds} s`,
        );
      }
      await sleep(settings.lockPoll, undefined, { signal });
    }
  } finally {
    stopHeartbeat?.();
  }
}
