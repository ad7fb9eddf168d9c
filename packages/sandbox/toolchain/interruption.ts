import { ToolchainInterruptedError } from "./toolchainError";

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs work that must clean up after itself when the user interrupts: while it runs, an interrupting signal does not
 * end the process but fires the AbortSignal given to the work.
 * @param outer the caller's own signal, which fires it as well
 * @throws ToolchainInterruptedError when either fired before the work was done
 */
export async function interruptible<T>(
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => controller.abort(new ToolchainInterruptedError(name));
  const onAbort = (): void => controller.abort(new ToolchainInterruptedError());
  for (const name of signals) process.on(name, onSignal);
  outer?.addEventListener("abort", onAbort, { once: true });
  if (outer?.aborted === true) onAbort();
  try {
    controller.signal.throwIfAborted();
    const result = await work(controller.signal);
    // an interrupt in the last moment must not get lost
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw controller.signal.aborted ? (controller.signal.reason as Error) : error;
  } finally {
    for (const name of signals) process.off(name, onSignal);
    outer?.removeEventListener("abort", onAbort);
  }
}
