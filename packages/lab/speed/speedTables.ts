import { markdownTable } from "./markdownTable";
import { stepNames, stepTitles } from "./measureSpeed";
import type { SpeedResult } from "./speedResults";

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
