import type { DriftVerdict } from "./stackDrift";

/** Where a pipeline reports what it has found. */
export interface Reporting {
  /** Keeps one issue or work item for a stack: opened or updated while it drifts, closed when it is clean. */
  keepIssue(stack: string, verdict: DriftVerdict, report: string): Promise<void>;
  /**
   * Puts a comment on a pull request, in the place of the one that it wrote before.
   *
   * @param text its first line is what the comment is found by
   */
  comment(pullRequest: string, text: string): Promise<void>;
}

/** The title of a stack's issue. */
export function issueTitle(stack: string, verdict: Exclude<DriftVerdict, "clean">): string {
  return verdict === "rotation" ? `Stack ${stack}: a rotation is due` : `Stack ${stack}: drift`;
}

/** By what a stack's issue is found. */
export function issueLabel(stack: string): string {
  return `stack:${stack}`;
}

/** What is said when an issue is closed. */
export const closingComment = "Checked again: nothing differs any more.";

/** The line by which a comment is found again. */
export function markerOf(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
