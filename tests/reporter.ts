import { reporters } from "mocha";

/**
 * Mocha's spec output, closed by one line that people and machines can read: `N passed, N failed`, and `, N skipped`
 * when there are any. A hook that fails counts as a failure, as it does for mocha's exit code.
 */
export = class ClosingLine extends reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    reporters.Base.consoleLog(
      `${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`,
    );
  }
};
