/** A bar of the chart. */
export interface ChartRow {
  readonly name: string;
  /** Numbers by outcome. */
  readonly counts: Readonly<Record<string, number>>;
}

const colours: Readonly<Record<string, string>> = {
  finished: "#2e7d5b",
  "next run": "#7cb68d",
  cured: "#e0b84c",
  reported: "#d9822b",
  short: "#b3261e",
};
const [left, width, rowHeight, top] = [90, 560, 28, 40];

/** Draws how commands came through their faults: one bar a command, all of one length, split by outcome. */
export function outcomeChart(rows: readonly ChartRow[], outcomes: readonly string[]): string {
  const height = top + rows.length * rowHeight + 10;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 70} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Outcomes of injected faults by command">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...legend(outcomes),
    ...rows.flatMap((row, index) => bar(row, top + index * rowHeight, outcomes)),
    "</svg>",
  ].join("\n")}\n`;
}

function legend(outcomes: readonly string[]): string[] {
  return outcomes.flatMap((name, index) => {
    const x = left + index * 100;
    return [
      `<rect x="${x}" y="12" width="12" height="12" fill="${colours[name] ?? "#888888"}"/>`,
      `<text x="${x + 17}" y="22">${name}</text>`,
    ];
  });
}

function bar({ name, counts }: ChartRow, y: number, outcomes: readonly string[]): string[] {
  const total = outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
  const parts: string[] = [`<text x="${left - 8}" y="${y + 15}" text-anchor="end">${name}</text>`];
  let x = left;
  for (const outcome of outcomes) {
    const count = counts[outcome] ?? 0;
    if (count === 0) continue;
    const length = (count / total) * width;
    parts.push(
      `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="20" fill="${colours[outcome] ?? "#888888"}"><title>${name}: ${count} ${outcome}</title></rect>`,
    );
    x += length;
  }
  parts.push(`<text x="${left + width + 8}" y="${y + 15}">${total}</text>`);
  return parts;
}
