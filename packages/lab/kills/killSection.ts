import { groupBy } from "../report/groups";
import { cell, markdownTable } from "../report/markdownTable";
import { countsOf, shownOutcomes } from "../report/outcomes";
import { type Kill, killTargets } from "./killCase";

/** What kills have led to, for the record. */
export function killSection(kills: readonly Kill[]): string[] {
  const hit = kills.filter(({ outcome }) => outcome !== "too late");
  const shown = shownOutcomes(hit);
  const failed = hit.filter(({ outcome }) => outcome === "failed");
  return [
    `${hit.length} kills, seed ${kills[0]?.seed ?? 0}; ${kills.length - hit.length} more came after the command's end and do not count.`,
    markdownTable(
      ["killed", "what that is", ...shown, "kills"],
      Object.entries(killTargets).map(([name, what]) => {
        const own = hit.filter(({ target }) => target === name);
        return [name, what, ...countsOf(own, shown), own.length];
      }),
    ),
    markdownTable(["what it took", "kills"], tally(hit.flatMap(stepsOf))),
    ...(failed.length === 0
      ? []
      : [
          markdownTable(
            ["failed", "killed", "at", "what is wrong"],
            failed.map(({ scenario, target, moment, detail }) => [
              scenario,
              target,
              `${Math.round(moment * 100)} %`,
              cell(detail),
            ]),
          ),
        ]),
  ];
}

/** What a kill took until its command had come to its end. */
function stepsOf({ outcome, detail }: Kill): string[] {
  if (outcome === "failed") return [];
  if (detail === "") return ["running the command again"];
  return [outcome === "reported" ? detail : `${counted(detail.split(", "))}, then running it again`];
}

/** Steps in the order in which they were first taken, each with how often it was. */
function counted(steps: readonly string[]): string {
  return tally(steps)
    .map(([step, times]) => (times === 1 ? step : `${times} × ${step}`))
    .join(", ");
}

/** Texts in the order in which they first come up, each with how often it does. */
function tally(texts: readonly string[]): [string, number][] {
  return [...groupBy(texts, (text) => text)].map(([text, all]) => [text, all.length]);
}
