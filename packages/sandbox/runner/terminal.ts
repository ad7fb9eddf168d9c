/** Whether to colour what goes to a stream: only on a terminal, and never against the user's wish. See https://no-color.org. */
export function colours(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
