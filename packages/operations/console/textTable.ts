import { labelled, lineWidth, wrapped } from "./wrapped";

/** One column of a table in plain text. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Numbers stand right. Default left. */
  readonly align?: "left" | "right";
}

/** Between two columns. */
const gap = "  ";

/**
 * Lays rows out in columns two spaces apart, each as wide as its widest value as long as the table fits into {@link lineWidth}; the
 * values of columns that are wider than that go on in further lines, broken at blanks. Where words are too long for that, such as ids,
 * the values of a row stand below each other instead. Every line ends with a line feed.
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
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const widths = fitting([titles, ...cells], lineWidth - indent.length - gap.length * (columns.length - 1));
  const layOut = (line: readonly string[]): string => {
    const parts = line.map((cell, column) => wrapped(cell, widths?.[column] ?? 0));
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_none, at) => {
      const padded = parts.map((part, column) => {
        const [text = "", width = 0] = [part[at], widths?.[column]];
        return columns[column]?.align === "right" ? text.padStart(width) : text.padEnd(width);
      });
      return `${`${indent}${padded.join(gap)}`.trimEnd()}\n`;
    }).join("");
  };
  const label = Math.max(...titles.map(({ length }) => length)) + gap.length;
  const list = (line: readonly string[]): string =>
    line.map((cell, column) => labelled(`${indent}${(titles[column] ?? "").padEnd(label)}`, cell)).join("");
  const body = rows.map((row, index) => {
    const above = heading(row, rows[index - 1]);
    return `${above === undefined ? "" : `${above}\n`}${(widths === undefined ? list : layOut)(cells[index] ?? [])}`;
  });
  return widths === undefined ? body.join("\n") : layOut(titles) + body.join("");
}

/** How wide columns are that fit into a room with every word whole; nothing when there is no such width. */
function fitting(lines: readonly (readonly string[])[], room: number): readonly number[] | undefined {
  const widest = (lengthOf: (cell: string) => number): number[] =>
    (lines[0] ?? []).map((_title, column) => Math.max(...lines.map((line) => lengthOf(line[column] ?? ""))));
  const fitted = widest(({ length }) => length);
  const words = widest((cell) => Math.max(...cell.split(" ").map(({ length }) => length)));
  for (let over = fitted.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const most = Math.max(...fitted.filter((width, column) => width > (words[column] ?? 0)));
    if (most < 0) return undefined;
    fitted[fitted.findIndex((width, column) => width === most && width > (words[column] ?? 0))] = most - 1;
  }
  return fitted;
}
