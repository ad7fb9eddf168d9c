/**
 * The lines by which two texts differ, each with `-` (only before) or `+` (only after) in front, and unchanged ones beside them.
 *
 * @param context how many unchanged lines are shown beside a change
 */
export function lineDifference(before: string, after: string, context = 1): readonly string[] {
  const one = before.split(/\r?\n/);
  const other = after.split("\n");
  const marked = [...compared(one, other)];
  const shown = marked.map((_, index) =>
    marked.slice(Math.max(0, index - context), index + context + 1).some(({ mark }) => mark !== " "),
  );
  return marked.flatMap(({ mark, line }, index) => {
    if (shown[index]) return [`${mark} ${line}`];
    return shown[index - 1] ? ["  …"] : [];
  });
}

interface MarkedLine {
  readonly mark: "-" | "+" | " ";
  readonly line: string;
}

/** By the longest common subsequence; the files here have some hundred lines at most. */
function* compared(one: readonly string[], other: readonly string[]): Generator<MarkedLine> {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = one.length - 1; row >= 0; row -= 1) {
    for (let column = other.length - 1; column >= 0; column -= 1) {
      const length =
        one[row] === other[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]?.splice(column, 1, length);
    }
  }
  let [row, column] = [0, 0];
  while (row < one.length || column < other.length) {
    if (row < one.length && column < other.length && one[row] === other[column]) {
      yield { mark: " ", line: one[row] ?? "" };
      row += 1;
      column += 1;
    } else if (column >= other.length || (row < one.length && at(row + 1, column) >= at(row, column + 1))) {
      yield { mark: "-", line: one[row] ?? "" };
      row += 1;
    } else {
      yield { mark: "+", line: other[column] ?? "" };
      column += 1;
    }
  }
}
