import { describeNeed } from "../cloud/call";
import { RefusedCall } from "../cloud/refusedCall";
import { TransportFailure } from "../cloud/transportFailure";
import { transportProblem } from "./transportProblem";
import { failed, type Stage, type StageResult } from "./verification";

/** What to do about something that cannot be read. */
interface ReadingCures {
  /** When the operator lacks a right. */
  readonly denied: (right: string) => string;
  readonly otherwise: string;
}

/**
 * A stage for which something could not be read with the operator's rights.
 *
 * @param what the sentence that the service's own words follow
 * @throws the error itself when it is neither a refusal nor a failure on the way
 */
export function readingProblem(
  stage: Stage,
  error: unknown,
  what: string,
  { denied, otherwise }: ReadingCures,
): StageResult {
  if (error instanceof TransportFailure) return transportProblem(stage, error);
  if (!(error instanceof RefusedCall)) throw error;
  const cure = error.isDenied ? denied(describeNeed(error.call.needs)) : otherwise;
  return failed(stage, "unreadable", `${what}: ${error.message}`, cure);
}
