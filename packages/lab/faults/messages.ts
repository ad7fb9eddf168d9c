/** What a user would object to in what a failing command has printed; undefined when it is clear. */
export function unclearIn(output: string): string | undefined {
  if (/^\s+at .+:\d+:\d+\)?$/m.test(output)) return "it shows a stack trace";
  if (/panic:|goroutine \d+/.test(output)) return "it panics";
  if (firstErrorIn(output) === "") return "it does not say what went wrong";
  return undefined;
}

/** The line that says what went wrong, without ids and addresses that differ from run to run; "" when there is none. */
export function firstErrorIn(output: string): string {
  const lines = output
    .replace(/\d+ errors? occurred:\s+\* /g, "")
    .split("\n")
    .map((line) => line.trim().replace(/^error: |^\* /, ""))
    // Terraform's log has the same failure before the engine's own line.
    .filter((line) => !line.includes(": sdk.helper_schema: "))
    .filter(
      (line) =>
        !/^\d+ errors? occurred:$|^(update|preview|refresh|destroy) failed$|^\d+ errored$|^READING +ASKED/.test(
          line,
        ),
    );
  const start = lines.findIndex((line) => line === "Diagnostics:") + 1;
  const line =
    lines
      .slice(start)
      .find((one) =>
        /error|fail|cannot|could not|refused|unexpected|hang up|Retrieving|Status=|^Cause:|was created, but|not found|NOT READ|is gone/i.test(
          one,
        ),
      ) ?? "";
  return line
    .replace(/urn:pulumi:\S+::(\S+?):? /g, "$1: ")
    .replace(/https:\/\/127\.0\.0\.1:\d+/g, "")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "…")
    .slice(0, 240);
}
