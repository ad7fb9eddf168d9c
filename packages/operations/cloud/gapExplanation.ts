import type { Explanation } from "../operationError";
import type { CoverageLog } from "./coverage";

/** Every gap with the services' own words, and the rights that would close them; undefined when all that was asked for was read. */
export function explainGaps(coverage: CoverageLog): Explanation | undefined {
  const { gaps } = coverage.result();
  if (gaps.length === 0) return undefined;
  const rights = [...new Set(gaps.flatMap(({ missingRight }) => missingRight ?? []))];
  return {
    cause: gaps.map(({ said, unknown }) => `${said} (needed ${unknown})`).join("\n"),
    cure:
      rights.length > 0
        ? `You need ${rights.join(" and ")}.`
        : "Try again; if it persists, see the services' messages above.",
  };
}
