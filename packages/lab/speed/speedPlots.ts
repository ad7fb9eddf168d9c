import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lineChart, type LineChart } from "../plot/lineChart";
import type { SpeedResult } from "./speedResults";
import { variantNames } from "./speedVariant";
import { costOfClient } from "./speedTables";

/** Writes the plots of a measurement as SVG files into a folder. */
export async function writeSpeedPlots(folder: string, results: readonly SpeedResult[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, chart] of Object.entries(charts(results))) {
    await writeFile(join(folder, `${name}.svg`), lineChart(chart));
  }
}

function charts(results: readonly SpeedResult[]): Readonly<Record<string, LineChart>> {
  const axis = { labelsTitle: "clients", labels: results.map(({ clients }) => String(clients)) };
  const byVariant = (figure: (result: SpeedResult, variant: (typeof variantNames)[number]) => number) =>
    variantNames.map((name) => ({ name, values: results.map((result) => figure(result, name)) }));
  return {
    "program-memory": {
      ...axis,
      title: "Memory of the program during up",
      unit: "MiB",
      series: byVariant(({ medians }, variant) => medians[variant].up.programMebibytes),
    },
    "program-cpu": {
      ...axis,
      title: "Processor time of the program, preview without changes",
      unit: "s",
      series: byVariant(
        ({ medians }, variant) => medians[variant].previewAgain.programCpuMilliseconds / 1000,
      ),
    },
    "preview-time": {
      ...axis,
      title: "Preview without changes, live tenant read first",
      unit: "s",
      series: byVariant(({ medians }, variant) => medians[variant].previewAgain.milliseconds / 1000),
    },
    "client-cost": {
      ...axis,
      title: "What one client adds to the time of an empty program",
      unit: "ms",
      series: (["up", "rotation", "previewAgain"] as const).map((step) => ({
        name: { up: "up", rotation: "rotation", previewAgain: "preview" }[step],
        values: results.map((result) => Math.max(0, costOfClient(result, step))),
      })),
    },
  };
}
