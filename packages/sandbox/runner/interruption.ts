/**
 * A signal that fires when this process is asked to end. In a terminal Ctrl-C reaches the engine by itself, as it belongs to
 * the same group of processes; a second signal would make it give up half-way, so `engine` does not fire then.
 */
export interface Interruption {
  /** For work of this process itself. */
  readonly own: AbortSignal;
  /** For the engine, which would not hear of it otherwise. */
  readonly engine: AbortSignal;
}

/** Listens for SIGINT and SIGTERM; from then on these end what listens to the signals instead of the process. */
export function listenForInterruption(): Interruption {
  const own = new AbortController();
  const engine = new AbortController();
  process.on("SIGINT", () => {
    own.abort();
    if (!process.stdin.isTTY) {
      engine.abort();
    }
  });
  process.on("SIGTERM", () => {
    own.abort();
    engine.abort();
  });
  return { own: own.signal, engine: engine.signal };
}
