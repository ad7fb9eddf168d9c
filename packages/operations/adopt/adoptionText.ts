import type { Colours } from "../console/console";
import { counted } from "../console/counted";
import { plainText } from "../console/plainText";
import { textTable } from "../console/textTable";
import type { AdoptionPlan } from "./adoptionPlan";
import type { Difference } from "./difference";
import { importFileText } from "./importFile";

/** Writes an adoption for people. */
export function adoptionText(plan: AdoptionPlan, colours: Colours): string {
  const { registration, config } = plan;
  const title = (text: string): string => `\n${colours.bold(text)}\n`;
  const section = (text: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `${title(text)}${lines.map((line) => `  ${line}\n`).join("")}`;
  return [
    `${colours.bold(verdictText(plan, colours))}\n`,
    `${plainText(registration.displayName)}, client id ${registration.clientId}, object id ${registration.objectId}, registered ${registration.createdAt ?? "at an unknown time"}\n`,
    title(`Configuration: clients.${plan.client} in ${config.file}${config.isThere ? "" : " (to be added)"}`),
    indented(config.block),
    title("Taken over"),
    indented(
      textTable(
        [
          { title: "RESOURCE", value: ({ name }) => name },
          { title: "ID", value: ({ id }) => id },
          { title: "STATE", value: ({ inState }) => (inState ? "in the state" : "to be imported") },
        ],
        plan.adopted,
      ),
    ),
    ...(plan.backup === null && plan.adopted.some(({ inState }) => !inState)
      ? [title("Import file"), indented(importFileText(plan.importFile))]
      : []),
    section(
      "Created by the next pulumi up",
      plan.creates.map(({ name, type }) => `${name} (${type})`),
    ),
    section(
      "Rewritten in another order by the next pulumi up",
      plan.rewrites.map(({ name, property }) => `${name}, ${property}`),
    ),
    section("Differences, which --apply refuses", plan.differences.flatMap(differenceLines)),
    section(
      "Secrets created by hand, which cannot be imported",
      plan.secrets.map(
        ({ keyId, name, hint, startsAt, endsAt }) =>
          `${keyId}  ${JSON.stringify(plainText(name))}  begins with ${plainText(hint) || "?"}  ${startsAt ?? "?"} to ${endsAt ?? "?"}`,
      ),
    ),
    section(
      "Stays outside the stack",
      plan.unmanaged.flatMap(({ what, id, why, remove }) => [
        `${plainText(what)} (${id}): ${why}`,
        `  to remove it: ${plainText(remove)}`,
      ]),
    ),
    section("Whether another stack holds it", otherStacksLines(plan)),
    section("Next", plan.next),
    section("To undo it", plan.undo),
  ].join("");
}

function otherStacksLines({ otherStacks: { looked, unread } }: AdoptionPlan): readonly string[] {
  return [
    ...(looked.length === 0 ? [] : [`It is not in the state of ${looked.join(", ")}.`]),
    ...(unread.length === 0 ? [] : [`The state of ${unread.join(", ")} could not be read.`]),
    "Other projects and other backends cannot be looked into.",
  ];
}

function verdictText({ verdict, client, stack, differences }: AdoptionPlan, colours: Colours): string {
  switch (verdict) {
    case "adopted":
      return colours.green(`The registration is the client ${client} of the stack ${stack}.`);
    case "clean":
      return colours.green(
        `The registration can be adopted as the client ${client} of the stack ${stack}. Nothing has been changed.`,
      );
    case "differences":
      return colours.yellow(
        `${counted(differences.length, "difference has", "differences have")} to resolve before the registration can be adopted as the client ${client} of the stack ${stack}.`,
      );
  }
}

function differenceLines(difference: Difference): readonly string[] {
  const { resource, operation, property, key, file, line, live, declared, cure } = difference;
  return [
    `${resource}${property === null ? "" : `, ${property}`}: pulumi up would ${operation} it`,
    `  declared by ${file}:${line} (${key ?? "no key declares it"})`,
    ...(property === null ? [] : [`  live:     ${shown(live)}`, `  declared: ${shown(declared)}`]),
    ...cure.split("\n").map((step) => `  ${plainText(step)}`),
  ];
}

function shown(value: unknown): string {
  return plainText(JSON.stringify(value));
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
