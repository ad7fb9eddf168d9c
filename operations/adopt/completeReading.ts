import type { CoverageLog } from "../audit/coverage";
import { OperationError } from "../operationError";

/**
 * Makes sure that everything that was asked for has been read.
 *
 * @throws OperationError with every gap and the right that is missing
 */
export function requireComplete(coverage: CoverageLog): void {
  const { gaps } = coverage.result();
  if (gaps.length === 0) return;
  const rights = [...new Set(gaps.flatMap(({ missingRight }) => missingRight ?? []))];
  throw new OperationError(
    "Not everything about the registration could be read, and nothing is taken over on half knowledge.",
    {
      cause: gaps.map(({ said, unknown }) => `${said} (needed ${unknown})`).join("\n"),
      cure:
        rights.length > 0
          ? `You need ${rights.join(" and ")}.`
          : "Try again; when it stays so, look into the services' own words above.",
    },
  );
}
