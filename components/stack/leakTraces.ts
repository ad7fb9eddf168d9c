/**
 * Spares the program the stack traces that Pulumi's SDK takes of every promise for its search for leaks: an error without a
 * message each time, whose trace ts-node would map back to TypeScript. That is a tenth of a preview's time, for text that is
 * only shown with PULUMI_DEBUG_PROMISE_LEAKS, which keeps it. Errors with a message are traced as ever.
 */
export function skipLeakTraces(): void {
  const prepare = Error.prepareStackTrace?.bind(Error);
  if (prepare && !process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) {
    Error.prepareStackTrace = (error, frames): unknown =>
      error.message === "" ? "" : prepare(error, frames);
  }
}
