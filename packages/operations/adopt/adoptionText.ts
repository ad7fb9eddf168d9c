import { plainText } from "dicom-service-client/model";
import type { Colours } from "../console/console";
import { counted } from "../console/counted";
import { labelled, lineWidth, wrapped } from "../console/wrapped";
import type { AdoptionPlan } from "./adoptionPlan";
import type { Difference } from "./difference";
import { importFileText } from "./importFile";

/** Writes an adoption for people. */
export function adoptionText(plan: AdoptionPlan, colours: Colours): string {
  const { registration, config } = plan;
  const title = (text: string): string => `\n${colours.bold(text)}\n`;
  const section = (text: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `${title(text)}${lines.join("")}`;
  return [
    colours.bold(verdictText(plan, colours)),
    labelled("  display name: ", plainText(registration.displayName) || "none"),
    `  client id:    ${registration.clientId}\n`,
    `  object id:    ${registration.objectId}\n`,
    `  registered:   ${registration.createdAt ?? "at an unknown time"}\n`,
    title(`Configuration: clients.${plan.client} in ${config.file}${config.isThere ? "" : " (to be added)"}`),
    indented(config.block),
    title("Taken over"),
    ...plan.adopted.map(
      ({ name, id, inState }) => `  ${name} (${inState ? "in the state" : "to be imported"})\n    ${id}\n`,
    ),
    ...(plan.backup === null && plan.adopted.some(({ inState }) => !inState)
      ? [title("Import file"), indented(importFileText(plan.importFile))]
      : []),
    section(
      "Created by the next pulumi up",
      plan.creates.map(({ name, type }) => labelled("  ", `${name} (${type})`)),
    ),
    section(
      "Rewritten in another order by the next pulumi up",
      plan.rewrites.map(({ name, property }) => labelled("  ", `${name}, ${property}`)),
    ),
    section("Differences, which --apply refuses", plan.differences.flatMap(differenceLines)),
    section(
      "Secrets created by hand, which cannot be imported",
      plan.secrets.flatMap(({ keyId, name, hint, startsAt, endsAt }) => [
        labelled("  ", name.trim() === "" ? keyId : `${keyId}  ${JSON.stringify(plainText(name))}`),
        labelled(
          "    ",
          `begins with ${plainText(hint) || "?"}, valid from ${startsAt ?? "?"} to ${endsAt ?? "?"}`,
        ),
      ]),
    ),
    section(
      "Stays outside the stack",
      plan.unmanaged.flatMap(({ what, id, why, remove }) => [
        labelled("  ", `${plainText(what)} (${id}): ${why}`),
        `    to remove it: ${plainText(remove)}\n`,
      ]),
    ),
    section("Whether another stack holds it", otherStacksLines(plan)),
    section(
      "Not looked at",
      plan.notLookedAt.map((one) => labelled("  ", one)),
    ),
    section(
      "Next",
      plan.next.map((line) => step("  ", line)),
    ),
    section(
      "To undo it",
      plan.undo.map((line) => step("  ", line)),
    ),
  ].join("");
}

function otherStacksLines({ otherStacks: { looked, unread } }: AdoptionPlan): readonly string[] {
  return [
    ...(looked.length === 0 ? [] : [`It is not in the state of ${looked.join(", ")}.`]),
    ...(unread.length === 0 ? [] : [`The state of ${unread.join(", ")} could not be read.`]),
    "Other projects and other backends cannot be looked into.",
  ].map((line) => labelled("  ", line));
}

function verdictText({ verdict, client, stack, differences }: AdoptionPlan, colours: Colours): string {
  switch (verdict) {
    case "adopted":
      return colours.green(labelled("", `The registration is the client ${client} of the stack ${stack}.`));
    case "clean":
      return colours.green(
        labelled(
          "",
          `The registration can be adopted as the client ${client} of the stack ${stack}. Nothing has been changed.`,
        ),
      );
    case "differences":
      return colours.yellow(
        labelled(
          "",
          `${counted(differences.length, "difference has", "differences have")} to be resolved before the registration can be adopted as the client ${client} of the stack ${stack}.`,
        ),
      );
  }
}

function differenceLines(difference: Difference): readonly string[] {
  const { resource, operation, property, key, file, line, live, declared, cure } = difference;
  return [
    labelled("  ", `${resource}${property === null ? "" : `, ${property}`}: pulumi up would ${operation} it`),
    labelled("    ", `declared by ${file}:${line} (${key ?? "no key declares it"})`),
    ...(property === null
      ? []
      : [labelled("    live:     ", shown(live)), labelled("    declared: ", shown(declared))]),
    ...cure.split("\n").map((line) => step("    ", plainText(line))),
  ];
}

function shown(value: unknown): string {
  return plainText(JSON.stringify(value));
}

/** A step: a command in one piece, so that it can be copied, or a sentence, which may be a comment. */
function step(indent: string, line: string): string {
  const [, mark = "", sentence] = /^(# )?([A-Z].*)$/.exec(line) ?? [];
  if (sentence === undefined) return `${indent}${line}\n`;
  return wrapped(sentence, lineWidth - indent.length - mark.length)
    .map((part) => `${indent}${mark}${part}\n`)
    .join("");
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
