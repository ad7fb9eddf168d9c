import type { Console } from "../console/console";
import type { OperationClock } from "../operationIo";
import type { HttpAnswer } from "./httpTransport";
import { TransportFailure } from "./transportFailure";

/** How many requests are under way at the same time, at most: few enough to leave a tenant's quota to others. */
export const parallelRequests = 6;

/** How many batches of reads are under way at the same time, at most: each counts as the requests in it. */
export const parallelBatches = 2;

/** How often a request is sent, at most. */
export const retryAttempts = 6;
/** Longest time that a service's Retry-After is waited for, in seconds: more than five minutes have been seen. */
const longestWait = 360;
const transientStatuses: readonly number[] = [429, 500, 502, 503, 504];

/** Whether a service that answers with this status may answer otherwise a little later. */
export function isTransient(status: number): boolean {
  return transientStatuses.includes(status);
}

/**
 * Sends until an answer is final: too many requests, a busy service and dropped connections are tried again, after the time that
 * the service asks for (`Retry-After`), or else after 1, 2, 4, 8 and 16 seconds. Source:
 * https://learn.microsoft.com/graph/throttling
 *
 * @returns the last answer, which may still be of a busy service
 * @throws TransportFailure when no answer came in the end
 */
export async function sendWithRetry(
  send: () => Promise<HttpAnswer>,
  console: Pick<Console, "clock" | "note">,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === retryAttempts;
    let wait = 2 ** (attempt - 1);
    try {
      const answer = await send();
      if (isLast || !isTransient(answer.status)) return answer;
      wait = retryWait(answer, console.clock, attempt);
      if (answer.status === 429) console.note(`The service is throttling requests; waiting ${wait} s`);
    } catch (error) {
      if (isLast || !(error instanceof TransportFailure) || !error.isTransient) throw error;
    }
    await console.clock.sleep(wait * 1000);
  }
}

/** How many seconds to wait after the answer of a busy service: as long as it asks for, or else twice as long each time. */
export function retryWait(answer: HttpAnswer, clock: OperationClock, attempt: number): number {
  return Math.min(retryAfter(answer, clock) ?? 2 ** (attempt - 1), longestWait);
}

/** Seconds, or the instant to wait for, as HTTP allows both. */
function retryAfter({ headers }: HttpAnswer, clock: OperationClock): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : Math.max(0, Math.ceil((instant - clock.now().getTime()) / 1000));
}
