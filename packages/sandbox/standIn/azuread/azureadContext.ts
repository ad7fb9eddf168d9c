import { pollUntil, type Pace } from "../http/pollUntil";
import type { ApplicationLocks } from "./applicationLocks";
import type { GraphClient } from "./graphClient";

/** What one operation on an azuread object works with. */
export interface AzureadContext {
  readonly graph: GraphClient;
  /** Object id of the deploying identity's service principal. */
  readonly callerId: string;
  readonly locks: ApplicationLocks;
  readonly pace: Pace;
  /** Milliseconds of the local clock. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Polls until a new credential is visible: at intervals of a second, at most 21 times in vain. */
export function waitForAppearance(context: AzureadContext, isThere: () => Promise<boolean>): Promise<void> {
  return pollUntil(isThere, { ...context, intervalSeconds: 1, occurrences: 5, limitFruitless: true });
}

/** Polls until an object can no longer be seen, at intervals of five seconds. */
export function waitForDeletion(context: AzureadContext, isThere: () => Promise<boolean>): Promise<void> {
  const isGone = async (): Promise<boolean> => !(await isThere());
  return pollUntil(isGone, { ...context, intervalSeconds: 5, occurrences: 5, limitFruitless: false });
}

/** Polls until a change shows, at intervals of a second; once is enough. */
export function waitForChange(context: AzureadContext, isThere: () => Promise<boolean>): Promise<void> {
  return pollUntil(isThere, { ...context, intervalSeconds: 1, occurrences: 1, limitFruitless: false });
}
