import { groupBy } from "../report/groups";
import { cell, markdownTable } from "../report/markdownTable";
import { countsOf, shownOutcomes } from "../report/outcomes";
import type { Cell } from "./faultCell";
import { faultKinds } from "./faultKinds";
import { scenarios } from "./scenarios";

/**
 * What faults have led to, for the record.
 * @param sizes how many cells each command has altogether
 */
export function faultSection({
  sizes,
  cells,
}: {
  readonly sizes: Readonly<Record<string, number>>;
  readonly cells: readonly Cell[];
}): string[] {
  const met = cells.filter(({ outcome }) => outcome !== "not met");
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const shown = shownOutcomes(met);
  return [
    `${met.length} of ${all} cells.`,
    markdownTable(
      ["command", ...shown, "cells", "of"],
      scenarios.map(({ name, what }) => {
        const own = met.filter(({ scenario }) => scenario === name);
        return [`**${name}**: ${what}`, ...countsOf(own, shown), own.length, sizes[name] ?? 0];
      }),
    ),
    markdownTable(
      ["fault", "what happens", ...shown],
      faultKinds.map(({ name, what }) => {
        const own = met.filter(({ fault }) => fault === name);
        return [name, what, ...countsOf(own, shown)];
      }),
    ),
    ...listed("What it took a command of the message to recover from", met, "recovered"),
    ...listed("What was left behind and is reported by `audit`", met, "reported"),
    ...listed("What failed", met, "failed"),
  ];
}

/** Cells of one outcome, those of one request and detail together. */
function listed(title: string, cells: readonly Cell[], wanted: Cell["outcome"]): string[] {
  const groups = groupBy(
    cells.filter(({ outcome }) => outcome === wanted),
    ({ operation, detail }) => `${operation} ${detail}`,
  );
  if (groups.size === 0) return [`${title}: nothing.`];
  const unique = (texts: readonly string[]): string => [...new Set(texts)].join(", ");
  return [
    `${title}:`,
    markdownTable(
      ["command", "request", "fault", "what"],
      [...groups.values()].map((group) => [
        unique(group.map(({ scenario }) => scenario)),
        `\`${group[0]?.operation ?? ""}\``,
        unique(group.map(({ fault }) => fault)),
        cell(group[0]?.detail ?? ""),
      ]),
    ),
  ];
}
