import { lineWidth, wrapped } from "./wrapped";

/** One column of a table in plain text. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Numbers stand right. Default left. */
  readonly align?: "left" | "right";
}

/** Between two columns. */
const gap = "  ";
/** What a column is left with at least when others need the room. */
const narrowest = 8;

/**
 * Lays rows out in columns two spaces apart, each as wide as its widest value as long as the table fits into {@link lineWidth}; the
 * values of columns that are wider than that go on in further lines. Every line ends with a line feed.
 *
 * @param indent stands before every line.
 * @param heading a line to stand above a row, such as the name of the group that begins with it.
 */
export function textTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  indent = "",
  heading: (row: Row, before: Row | undefined) => string | undefined = () => undefined,
): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ];
  const widest = columns.map((_column, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const widths = fitting(widest, lineWidth - indent.length - gap.length * (columns.length - 1));
  return cells
    .flatMap((line, index) => {
      const parts = line.map((cell, column) => wrapped(cell, widths[column] ?? 0));
      const height = Math.max(...parts.map(({ length }) => length));
      const row = rows[index - 1];
      const above = row === undefined ? undefined : heading(row, rows[index - 2]);
      return [
        ...(above === undefined ? [] : [above]),
        ...Array.from({ length: height }, (_none, at) => {
          const padded = parts.map((part, column) => {
            const [text = "", width = 0] = [part[at], widths[column]];
            return columns[column]?.align === "right" ? text.padStart(width) : text.padEnd(width);
          });
          return `${indent}${padded.join(gap)}`.trimEnd();
        }),
      ];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** Takes from the widest columns what a table is too wide by. */
function fitting(widths: readonly number[], room: number): readonly number[] {
  const fitted = [...widths];
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const most = Math.max(...fitted);
    if (most <= narrowest) break;
    fitted[fitted.indexOf(most)] = most - 1;
  }
  return fitted;
}
