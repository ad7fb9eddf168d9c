import { structuredPatch } from "diff";

/** The lines by which two texts differ, each with `-` (only before) or `+` (only after) in front, and one unchanged line beside them. */
export function lineDifference(before: string, after: string): readonly string[] {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 1, stripTrailingCr: true });
  return hunks.flatMap(({ lines }, index) => [
    ...(index === 0 ? [] : ["  …"]),
    ...lines.filter((line) => !line.startsWith("\\")).map((line) => `${line.slice(0, 1)} ${line.slice(1)}`),
  ]);
}
