import type { JudgedGoal } from "../report/goal";
import { markdownTable } from "../report/markdownTable";
import { xyChart } from "../report/xyChart";
import { type StepName, stepNames, stepTitles } from "./measureSpeed";
import type { SpeedResult } from "./speedResults";
import { variantNames } from "./speedVariant";

/** Steps that have a goal for their time. */
const judged: readonly StepName[] = ["preview", "previewAgain", "upAgain"];

/** Wall time, the program's processor time and its memory, and requests, of each step at each size. */
export function stepsTable(results: readonly SpeedResult[]): string {
  return markdownTable(
    [
      "clients",
      "step",
      "component",
      "plain",
      "empty",
      "/ plain",
      "/ empty",
      "program's CPU / plain",
      "requests",
      "plain's requests",
    ],
    results.flatMap(({ clients, medians: { component, plain, empty } }) =>
      stepNames.map((step) => [
        String(clients),
        stepTitles[step],
        seconds(component[step].milliseconds),
        seconds(plain[step].milliseconds),
        seconds(empty[step].milliseconds),
        ratio(component[step].milliseconds, plain[step].milliseconds),
        ratio(component[step].milliseconds, empty[step].milliseconds),
        step === "destroy"
          ? "–"
          : `${seconds(component[step].programCpuMilliseconds)} / ${seconds(plain[step].programCpuMilliseconds)}`,
        String(component[step].requests),
        String(plain[step].requests),
      ]),
    ),
  );
}

/** What a stack of each size holds: the program's and the engine's memory, and the state. */
export function memoryTable(results: readonly SpeedResult[]): string {
  return markdownTable(
    [
      "clients",
      "program, component",
      "program, plain",
      "program, empty",
      "/ plain",
      "engine, component",
      "engine, plain",
      "state",
      "state a client",
    ],
    results.map(({ clients, medians: { component, plain, empty }, stateBytes }) => [
      String(clients),
      mebibytes(component.up.programMebibytes),
      mebibytes(plain.up.programMebibytes),
      mebibytes(empty.up.programMebibytes),
      ratio(component.up.programMebibytes, plain.up.programMebibytes),
      mebibytes(component.up.engineMebibytes),
      mebibytes(plain.up.engineMebibytes),
      kibibytes(stateBytes.component),
      kibibytes((stateBytes.component - stateBytes.empty) / clients),
    ]),
  );
}

/** The goals, and whether they are met. */
export function judge(results: readonly SpeedResult[]): JudgedGoal[] {
  return [
    ...results.flatMap(({ clients, medians: { component, plain, empty } }) =>
      judged.flatMap((step): JudgedGoal[] => {
        const [ours, theirs, nothing] = [component[step], plain[step], empty[step]].map(
          ({ milliseconds }) => milliseconds,
        ) as [number, number, number];
        const bound = 1.25 * nothing + 3 * clients;
        const what = `${stepTitles[step]}, ${clientsOf(clients)}`;
        return [
          {
            what,
            goal: "at most 1.10 × plain",
            measured: ratio(ours, theirs),
            met: ours <= 1.1 * theirs,
          },
          {
            what,
            goal: `at most 1.25 × empty + 3 ms a client (${seconds(bound)})`,
            measured: seconds(ours),
            met: ours <= bound,
          },
        ];
      }),
    ),
    ...results.flatMap(({ clients, medians: { component, plain } }): JudgedGoal[] => [
      {
        what: `memory of the program, ${clientsOf(clients)}`,
        goal: "at most 1.15 × plain",
        measured: ratio(component.up.programMebibytes, plain.up.programMebibytes),
        met: component.up.programMebibytes <= 1.15 * plain.up.programMebibytes,
      },
      {
        what: `requests of one up, ${clientsOf(clients)}`,
        goal: `no more than plain (${plain.up.requests})`,
        measured: String(component.up.requests),
        met: component.up.requests <= plain.up.requests,
      },
    ]),
    ...flatness(results),
  ];
}

/** How the cost of one more client at the largest size compares with that at ten clients. */
function flatness(results: readonly SpeedResult[]): JudgedGoal[] {
  const few = results.find(({ clients }) => clients === 10);
  const many = results.at(-1);
  if (!few || !many || many.clients <= few.clients) {
    return [];
  }
  return (["up", "previewAgain"] as const).map((step) => {
    const [low, high] = [few, many].map((result) => costOfClient(result, step)) as [number, number];
    const [plainLow, plainHigh] = [few, many].map((result) => costOfClient(result, step, "plain")) as [
      number,
      number,
    ];
    return {
      what: `${stepTitles[step]}: cost of a client at ${many.clients} clients`,
      goal: "within 20 % of that at 10",
      measured: `${low.toFixed(0)} ms, ${high.toFixed(0)} ms (plain: ${plainLow.toFixed(0)} ms, ${plainHigh.toFixed(0)} ms)`,
      met: Math.abs(high / low - 1) <= 0.2,
    };
  });
}

/** What each client adds to a step, in milliseconds: the time above that of an empty program, by the number of clients. */
function costOfClient(
  { clients, medians }: SpeedResult,
  step: StepName,
  variant: "component" | "plain" = "component",
): number {
  return (medians[variant][step].milliseconds - medians.empty[step].milliseconds) / clients;
}

/** How time and memory grow with the clients. */
export function speedCharts(results: readonly SpeedResult[]): string[] {
  const steps = { title: "clients", labels: results.map(({ clients }) => clients) };
  const linesOf = (figure: (of: SpeedResult["medians"]["plain"]) => number): Record<string, number[]> =>
    Object.fromEntries(
      variantNames.map((name) => [name, results.map(({ medians }) => figure(medians[name]))]),
    );
  return [
    xyChart({
      title: "Preview without changes",
      steps,
      unit: "s",
      lines: linesOf(({ previewAgain }) => previewAgain.milliseconds / 1000),
    }),
    xyChart({
      title: "Memory of the program during up",
      steps,
      unit: "MiB",
      lines: linesOf(({ up }) => up.programMebibytes),
    }),
  ];
}

function clientsOf(count: number): string {
  return count === 1 ? "1 client" : `${count} clients`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function mebibytes(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

function ratio(ours: number, theirs: number): string {
  return (ours / theirs).toFixed(2);
}
