/**
 * Reports on a running job until the returned function is called.
 * @param interval milliseconds between two lines
 * @param describe what to say after so many whole seconds
 */
export function startHeartbeat(
  progress: (line: string) => void,
  interval: number,
  describe: (seconds: number) => string,
): () => void {
  const start = performance.now();
  const timer = setInterval(
    () => progress(describe(Math.round((performance.now() - start) / 1000))),
    interval,
  );
  return () => clearInterval(timer);
}
