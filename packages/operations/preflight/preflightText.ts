import { plainText } from "dicom-service-client/model";
import type { Colours } from "../console/console";
import { counted } from "../console/counted";
import { labelled } from "../console/wrapped";
import type { PreflightReport } from "./preflightReport";

/** Writes what preflight found for people. */
export function preflightText(report: PreflightReport, colours: Colours): string {
  const { stack, identity, changing, obstacles, unread, notes, verdict } = report;
  const closing = {
    clear:
      changing.length === 0
        ? colours.green("The next update would change nothing.")
        : colours.green("No obstacles found for the next update."),
    obstacles: colours.red(`The next update would be refused: ${counted(obstacles.length, "obstacle")}.`),
    incomplete: colours.yellow(
      `Not everything could be read, so ${obstacles.length === 0 ? "this is not clear" : `there may be more than ${counted(obstacles.length, "obstacle")}`}.`,
    ),
  }[verdict];
  return [
    `Preflight of the stack ${stack}, as ${identity}\n`,
    changing.length === 0 ? "" : labelled("Changing: ", changing.join(", ")),
    ...obstacles.map(
      ({ path, detail, cure }) =>
        `\n${labelled("refused  ", `${plainText(path)}: ${plainText(detail)}`).replace("refused", colours.red("refused"))}${cure.map((line) => `         ${plainText(line)}\n`).join("")}`,
    ),
    ...unread.map(
      ({ what, cure }) =>
        `\n${labelled("unread   ", plainText(what)).replace("unread", colours.yellow("unread"))}${labelled("         ", plainText(cure))}`,
    ),
    ...notes.map((note) => `\n${labelled("note     ", plainText(note))}`),
    `\n${closing}\n`,
  ].join("");
}
