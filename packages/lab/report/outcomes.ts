/** How a command that was disturbed came to its end, in the order in which reports show it. */
const outcomes = ["finished", "next run", "recovered", "reported", "failed"] as const;

interface WithOutcome {
  readonly outcome: string;
}

/** The outcomes that a report has columns for: those that came up, and `failed` in any case. */
export function shownOutcomes(entries: readonly WithOutcome[]): readonly string[] {
  return outcomes.filter((name) => name === "failed" || entries.some(({ outcome }) => outcome === name));
}

/** How many entries have each of the outcomes. */
export function countsOf(entries: readonly WithOutcome[], shown: readonly string[]): number[] {
  return shown.map((name) => entries.filter(({ outcome }) => outcome === name).length);
}
