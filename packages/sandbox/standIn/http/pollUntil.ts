import type { Sleep } from "./sleep";

/** How the real plugin's fixed polling is paced. */
export interface Pace {
  readonly sleep: Sleep;
  /**
   * On: a target has to be seen as often in a row and at such intervals as the real plugin demands. Off: once
   * is enough, and the intervals between fruitless polls are a twentieth.
   */
  readonly fixedWaits: boolean;
}

const fruitlessPolls = 20;
const longestIntervalSeconds = 10;
const shortening = 20;

/** Thrown when polling found nothing for too long. */
class NotFoundWhilePollingError extends Error {
  constructor() {
    super(`couldn't find resource (${fruitlessPolls + 1} retries)`);
    this.name = "NotFoundWhilePollingError";
  }
}

/**
 * Polls until the target is reached, at once first. Between fruitless polls it waits longer and longer, up to
 * ten seconds; a target that shows up has to stay for the demanded number of polls.
 *
 * @param options.intervalSeconds shortest time between two polls
 * @param options.occurrences how often in a row the target has to be seen, with fixed waits
 * @param options.limitFruitless whether 21 fruitless polls in a row are an error
 */
export async function pollUntil(
  reached: () => Promise<boolean>,
  options: {
    readonly pace: Pace;
    readonly intervalSeconds: number;
    readonly occurrences: number;
    readonly limitFruitless: boolean;
    readonly deadline: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { pace, intervalSeconds, signal } = options;
  const occurrences = pace.fixedWaits ? options.occurrences : 1;
  let seen = 0;
  let fruitless = 0;
  for (let interval = intervalSeconds; ;) {
    if (await reached()) {
      seen += 1;
      fruitless = 0;
      if (seen >= occurrences) return;
    } else {
      seen = 0;
      fruitless += 1;
      if (options.limitFruitless && fruitless > fruitlessPolls) throw new NotFoundWhilePollingError();
    }
    if (Date.now() > options.deadline) {
      throw new Error("timeout while waiting for the state to be reached");
    }
    await pace.sleep((interval * 1000) / (pace.fixedWaits ? 1 : shortening), signal);
    if (seen === 0) interval = Math.min(interval * 2, longestIntervalSeconds);
  }
}
