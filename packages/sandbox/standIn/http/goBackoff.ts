import type { HttpClient, ProviderRequest, HttpResponse } from "./httpClient";
import type { Sleep } from "./sleep";

const idempotent: ReadonlySet<string> = new Set(["GET"]);
const longestWaitSeconds = 61;

/** Whether an answer is worth another try, on top of what is always tried again. */
export type RetryWhen = (response: HttpResponse) => boolean;

function waitSeconds(retry: number): number {
  return Math.min(2 ** retry, longestWaitSeconds);
}

/** How many waits of 1, 2, 4 … 61, 61 s fit into the time left: 9 in five minutes, 14 in ten, 19 in fifteen. */
export function retriesWithin(seconds: number): number {
  let retries = 0;
  for (let waited = waitSeconds(0); waited <= seconds; waited += waitSeconds(retries)) retries += 1;
  return retries;
}

function isAlwaysRetried(status: number): boolean {
  if (status === 408 || status === 424 || status === 429) return true;
  return status >= 500 && status !== 501;
}

function retryAfterSeconds(response: HttpResponse): number | undefined {
  const header = response.headers["retry-after"];
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** Refused connections, name lookups, closed connections and TLS failures are final; a reset while reading is not. */
function isRetriedFailure(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  if (error.code === "ETIMEDOUT") return !error.message.startsWith("connect");
  return error.code === "ECONNRESET" && error.message.startsWith("read");
}

/**
 * Sends a request as hashicorp/go-azure-sdk does: 408, 424, 429 and every 5xx but 501 are tried again, POST
 * included, as is what `retryWhen` names; a reading request also after a broken connection. Waits what an
 * integer `Retry-After` says, else 1, 2, 4 … 61 s, as often as the time to the deadline allows.
 */
export async function sendWithGoBackoff(
  client: HttpClient,
  request: ProviderRequest,
  options: {
    readonly secondsLeft: number;
    readonly signal: AbortSignal;
    readonly sleep: Sleep;
    readonly retryWhen?: RetryWhen;
  },
): Promise<HttpResponse> {
  const retries = retriesWithin(options.secondsLeft);
  for (let retry = 0; ; retry += 1) {
    const last = retry >= retries;
    let wait = waitSeconds(retry);
    try {
      const response = await client.send(request, options.signal);
      const again = isAlwaysRetried(response.status) || options.retryWhen?.(response) === true;
      if (!again || last) return response;
      wait = retryAfterSeconds(response) ?? wait;
    } catch (error) {
      if (options.signal.aborted || last || !idempotent.has(request.method) || !isRetriedFailure(error)) {
        throw error;
      }
    }
    await options.sleep(wait * 1000, options.signal);
  }
}
