import { cell, markdownTable } from "../report/markdownTable";
import type { FuzzResult } from "./fuzzRun";

/** What bad input has shown, for the record. */
export function fuzzSection(results: readonly FuzzResult[]): string[] {
  const all = results.reduce((sum, { cases }) => sum + cases, 0);
  const findings = results.flatMap(({ target, findings: found }) => found.map((one) => ({ target, ...one })));
  return [
    `${all} inputs, seed ${results[0]?.seed ?? 0}; ${findings.length} findings.`,
    markdownTable(
      ["what reads it", "what is tried", "inputs", "refused", "taken", "s", "findings"],
      results.map(({ target, what, cases, refused, seconds, findings: found }) => [
        `**${target}**`,
        what,
        cases,
        refused,
        cases - refused - found.length,
        seconds,
        found.length,
      ]),
    ),
    ...(findings.length === 0
      ? []
      : [
          markdownTable(
            ["what reads it", "finding"],
            findings.map(({ target, detail }) => [target, cell(detail)]),
          ),
        ]),
  ];
}
