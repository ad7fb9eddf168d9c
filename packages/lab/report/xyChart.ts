/** A chart of several lines over the same steps. */
export interface XyChart {
  readonly title: string;
  /** What the steps along the bottom count, such as `clients`. */
  readonly steps: { readonly title: string; readonly labels: readonly (string | number)[] };
  /** Unit of the values, such as `MiB`. */
  readonly unit: string;
  /** One value for each step, by the line's name. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

/** The chart as a Mermaid block, which GitHub draws. Mermaid has no legend, so the names stand in the title. */
export function xyChart({ title, steps, unit, lines }: XyChart): string {
  const names = Object.keys(lines).join(", ");
  return [
    "```mermaid",
    "xychart-beta",
    `  title "${title} (${names})"`,
    `  x-axis "${steps.title}" [${steps.labels.join(", ")}]`,
    `  y-axis "${unit}"`,
    ...Object.values(lines).map((values) => `  line [${values.map((value) => value.toFixed(2)).join(", ")}]`),
    "```",
  ].join("\n");
}
