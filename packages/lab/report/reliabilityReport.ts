import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { projectRoot } from "../../sandbox/runner/projectRoot";
import type { Cell } from "../faults/faultCell";
import { faultKinds } from "../faults/faultKinds";
import { subjects } from "../faults/scenarios";
import { victims, type Kill } from "../kills/killCase";
import { fuzzSection } from "../fuzz/fuzzSection";
import type { FuzzResult } from "../fuzz/fuzzRun";
import { secretsSection } from "../secrets/secretsSection";
import type { SweptStep } from "../secrets/sweep";
import { cell, table } from "./reliabilityTable";
import { outcomeChart } from "./outcomeChart";
import { readResults, type Results } from "./resultFile";

/** The document that the results are shown in. */
export const reportFile = join(projectRoot, "docs", "reference", "reliability.md");
const chartFile = join(projectRoot, "docs", "reference", "reliability.svg");

/** Outcomes in the order in which they are shown, with what they mean. */
const outcomes: readonly (readonly [Cell["outcome"] | Kill["outcome"], string])[] = [
  ["finished", "The command finished all the same."],
  ["next run", "It failed and said why, and the next run finished."],
  ["cured", "The next run named the command that helps; after that it finished."],
  ["reported", "It finished, and `audit` reports what was left behind."],
  ["short", "It fell short; see below."],
];

/** Writes the measured parts of docs/reference/reliability.md, between their markers, and the chart. */
export async function writeReport(): Promise<void> {
  if (!existsSync(reportFile)) throw new Error(`${reportFile} is missing`);
  const faults = readResults<Cell>("faults");
  const kills = readResults<Kill>("kills");
  let text = readFileSync(reportFile, "utf8");
  if (faults) {
    text = replaced(text, "faults", faultSection(faults));
    writeFileSync(
      chartFile,
      outcomeChart(
        rows(faults.entries),
        outcomes.map(([name]) => name),
      ),
    );
  }
  if (kills) text = replaced(text, "kills", killSection(kills));
  const secrets = readResults<SweptStep>("secrets");
  if (secrets)
    text = replaced(text, "secrets", `${circumstances(secrets)}\n\n${secretsSection(secrets.entries)}`);
  const fuzz = readResults<FuzzResult>("fuzz");
  if (fuzz) text = replaced(text, "fuzz", `${circumstances(fuzz)}\n\n${fuzzSection(fuzz.entries)}`);
  const options = await resolveConfig(reportFile);
  writeFileSync(reportFile, await format(text, { ...options, parser: "markdown" }));
}

function replaced(text: string, name: string, section: string): string {
  const [from, to] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${reportFile} has no place for ${name}`);
  return `${text.slice(0, start + from.length)}\n\n${section}\n\n${text.slice(end)}`;
}

function rows(
  cells: readonly Cell[],
): { readonly name: string; readonly counts: Readonly<Record<string, number>> }[] {
  return subjects.map(({ name }) => ({
    name,
    counts: countsOf(cells.filter(({ subject }) => subject === name)),
  }));
}

function faultSection(results: Results<Cell>): string {
  const { entries, sizes } = results;
  const met = entries.filter(({ outcome }) => outcome !== "not met");
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const shown = shownOutcomes(met);
  return [
    `${met.length} of ${all} cells. ${circumstances(results)}`,
    table(
      ["command", ...shown, "cells", "of"],
      subjects.map(({ name, what }) => {
        const mine = met.filter(({ subject }) => subject === name);
        return [`**${name}**: ${what}`, ...numbers(mine, shown), mine.length, sizes[name] ?? 0];
      }),
    ),
    table(
      ["fault", "what happens", ...shown],
      faultKinds.map(({ name, what }) => [
        name,
        what,
        ...numbers(
          met.filter(({ fault }) => fault === name),
          shown,
        ),
      ]),
    ),
    ...listed("What it took a command of the message to cure", met, "cured"),
    ...listed("What was left behind and is reported by `audit`", met, "reported"),
    ...listed("What fell short", met, "short"),
  ].join("\n\n");
}

/** Steps in the order in which they were first taken, each with how often it was. */
function counted(steps: readonly string[]): string {
  return [...new Set(steps)]
    .map((step) => {
      const times = steps.filter((one) => one === step).length;
      return times === 1 ? step : `${times} × ${step}`;
    })
    .join(", ");
}

function killSection(results: Results<Kill>): string {
  const { entries } = results;
  const seeds = [...new Set(entries.map(({ seed }) => seed))].join(" and ");
  const late = entries.filter(({ outcome }) => outcome === "too late").length;
  const hit = entries.filter(({ outcome }) => outcome !== "too late");
  const shown = shownOutcomes(hit);
  const short = hit.filter(({ outcome }) => outcome === "short");
  return [
    `${hit.length} kills, seeds ${seeds}; ${late} more came after the command's end and do not count. ${circumstances(results)}`,
    table(
      ["killed", "what that is", ...shown, "kills"],
      Object.entries(victims).map(([name, what]) => {
        const mine = hit.filter(({ victim }) => victim === name);
        return [name, what, ...numbers(mine, shown), mine.length];
      }),
    ),
    table(
      ["what it took", "kills"],
      tally(
        hit
          .filter(({ outcome }) => outcome !== "short")
          .map(({ outcome, detail }) =>
            detail === ""
              ? "running the command again"
              : outcome === "reported"
                ? detail
                : `${counted(detail.split(", "))}, then running it again`,
          ),
      ),
    ),
    ...(short.length === 0
      ? []
      : [
          table(
            ["fell short", "killed", "at", "what is wrong"],
            short.map(({ subject, victim, moment, detail }) => [
              subject,
              victim,
              `${Math.round(moment * 100)} %`,
              cell(detail),
            ]),
          ),
        ]),
  ].join("\n\n");
}

function circumstances({ date, machine, versions }: Results<unknown>): string {
  return `Measured on ${date}, ${machine}; ${versions}.`;
}

/** Cells of one outcome, those of one request and detail together. */
function listed(title: string, cells: readonly Cell[], wanted: Cell["outcome"]): string[] {
  const groups = new Map<
    string,
    { readonly cell: Cell; readonly commands: Set<string>; readonly faults: Set<string> }
  >();
  for (const one of cells.filter(({ outcome }) => outcome === wanted)) {
    const key = `${one.operation} ${one.detail}`;
    const group = groups.get(key) ?? { cell: one, commands: new Set(), faults: new Set() };
    group.commands.add(one.subject);
    group.faults.add(one.fault);
    groups.set(key, group);
  }
  if (groups.size === 0) return [`${title}: nothing.`];
  return [
    `${title}:`,
    table(
      ["command", "request", "fault", "what"],
      [...groups.values()].map(({ cell: { operation, detail }, commands, faults }) => [
        [...commands].join(", "),
        `\`${operation}\``,
        [...faults].join(", "),
        cell(detail),
      ]),
    ),
  ];
}

function shownOutcomes(entries: readonly { readonly outcome: string }[]): readonly string[] {
  return outcomes
    .map(([name]) => name)
    .filter((name) => name === "short" || entries.some(({ outcome }) => outcome === name));
}

function numbers(entries: readonly { readonly outcome: string }[], shown: readonly string[]): number[] {
  return shown.map((name) => entries.filter(({ outcome }) => outcome === name).length);
}

function countsOf(entries: readonly { readonly outcome: string }[]): Record<string, number> {
  return Object.fromEntries(tally(entries.map(({ outcome }) => outcome)));
}

function tally(texts: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.entries()].sort(([, one], [, other]) => other - one);
}
