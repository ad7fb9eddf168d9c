/** One line of a chart. */
export interface Series {
  readonly name: string;
  /** One value for each label, from zero up; undefined where nothing was measured. */
  readonly values: readonly (number | undefined)[];
}

/** What a chart shows. */
export interface LineChart {
  readonly title: string;
  /** What the labels along the bottom count, such as `clients`. */
  readonly labelsTitle: string;
  readonly labels: readonly string[];
  /** Unit of the values, such as `MiB`. */
  readonly unit: string;
  /** At most four. */
  readonly series: readonly Series[];
}

const [width, height] = [720, 360];
const plot = { left: 80, right: 700, top: 60, bottom: 290 };
/** Colours that people with colour blindness can tell apart, and dashes for those who see none. */
const styles = [
  { colour: "#0072b2", dash: "" },
  { colour: "#d55e00", dash: "8 4" },
  { colour: "#009e73", dash: "2 4" },
  { colour: "#666666", dash: "12 4 2 4" },
];

/** Draws a line chart as SVG with a white background, readable in light and dark pages. The labels are evenly spaced. */
export function lineChart({ title, labelsTitle, labels, unit, series }: LineChart): string {
  const step = niceStep(
    Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), 1) / 5,
  );
  const top = step * 5;
  const x = (index: number): number =>
    plot.left + ((plot.right - plot.left) * (index + 0.5)) / Math.max(labels.length, 1);
  const y = (value: number): number => plot.bottom - ((plot.bottom - plot.top) * value) / top;
  const grid = Array.from({ length: 6 }, (_none, line) => line * step).flatMap((value) => [
    `<line x1="${plot.left}" x2="${plot.right}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#ddd"/>`,
    text(plot.left - 8, y(value) + 4, String(round(value)), "end"),
  ]);
  const lines = series.flatMap(({ name, values }, index) => {
    const { colour, dash } = styles[index % styles.length] ?? { colour: "#000", dash: "" };
    const points = values.flatMap((value, at) =>
      value === undefined ? [] : [{ x: round(x(at)), y: round(y(value)) }],
    );
    const legend = plot.left + index * 150;
    return [
      `<polyline points="${points.map((point) => `${point.x},${point.y}`).join(" ")}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      ...points.map((point) => `<circle cx="${point.x}" cy="${point.y}" r="3.5" fill="${colour}"/>`),
      `<line x1="${legend}" x2="${legend + 28}" y1="344" y2="344" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      text(legend + 34, 348, name, "start"),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${plot.left}" y="28" font-size="16">${escapeXml(title)}</text>`,
    text(plot.left - 8, 46, unit, "end"),
    ...grid,
    ...labels.map((label, index) => text(x(index), plot.bottom + 18, label, "middle")),
    text((plot.left + plot.right) / 2, plot.bottom + 36, labelsTitle, "middle"),
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

/** The next larger of 1, 2, 2.5 and 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 2.5, 5].find((factor) => factor * power >= least) ?? 10);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
