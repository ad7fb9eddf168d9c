import type { CoverageLog } from "../cloud/coverage";
import { explainGaps } from "../cloud/gapExplanation";
import { OperationError } from "../operationError";

/**
 * Makes sure that everything that was asked for has been read.
 *
 * @throws OperationError with every gap and the right that is missing
 */
export function requireComplete(coverage: CoverageLog): void {
  const gaps = explainGaps(coverage);
  if (gaps === undefined) return;
  throw new OperationError(
    "Not everything about the registration could be read, so nothing is adopted.",
    gaps,
  );
}
