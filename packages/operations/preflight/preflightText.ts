import type { Colours } from "../console/console";
import { plainLines } from "../console/plainText";
import type { PreflightReport } from "./preflightReport";

/** Writes what preflight found for people. */
export function preflightText(report: PreflightReport, colours: Colours): string {
  const { stack, identity, changing, obstacles, unread, notes, verdict } = report;
  const count = (many: readonly unknown[], one: string): string =>
    `${many.length} ${one}${many.length === 1 ? "" : "s"}`;
  const closing = {
    clear:
      changing.length === 0
        ? colours.green("The next update would change nothing.")
        : colours.green("No obstacles found for the next update."),
    obstacles: colours.red(`The next update would be refused: ${count(obstacles, "obstacle")}.`),
    incomplete: colours.yellow(
      `Not everything could be read, so ${obstacles.length === 0 ? "this is not clear" : `there may be more than ${count(obstacles, "obstacle")}`}.`,
    ),
  }[verdict];
  return [
    `Preflight of the stack ${stack}, as ${identity}\n`,
    changing.length === 0 ? "" : `Changing: ${changing.join(", ")}\n`,
    ...obstacles.map(
      ({ path, detail, cure }) =>
        `\n${colours.red("refused")}  ${plainLines(path)}: ${plainLines(detail)}\n${cure.map((line) => `         ${plainLines(line)}\n`).join("")}`,
    ),
    ...unread.map(
      ({ what, cure }) =>
        `\n${colours.yellow("unread")}   ${plainLines(what)}\n         ${plainLines(cure)}\n`,
    ),
    ...notes.map((note) => `\nnote     ${plainLines(note)}\n`),
    `\n${closing}\n`,
  ].join("");
}
