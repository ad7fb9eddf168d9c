import { plainText } from "dicom-service-client/model";
import type { Colours } from "../console/console";
import { labelled } from "../console/wrapped";
import type { RightsCheck } from "./rightsCheck";
import type { IdentityRights, NeededPermission, RightsReport } from "./rightsReport";

const titles = {
  deploy: "To deploy (pulumi preview, up, destroy)",
  adopt: "To adopt registrations (dicom-ops adopt)",
  retire: "To remove unused secrets, as an owner (dicom-ops retire)",
  drift: "To watch (dicom-ops audit, dicom-ops verify, pulumi refresh --preview-only)",
} as const;

/** Writes the rights for people. */
export function rightsText({ stack, identities }: RightsReport, colours: Colours): string {
  return `Least privilege for the stack ${stack}\n${identities.map((identity) => identityText(identity, colours)).join("")}`;
}

function identityText(identity: IdentityRights, colours: Colours): string {
  const { purpose, graph, azure, occasional } = identity;
  const mark = (escalation: boolean): string => (escalation ? `  ${colours.red("ESCALATION")}` : "");
  const reasons = (all: readonly string[]): string =>
    all.map((reason) => labelled("      to ", reason)).join("");
  const permission = ({
    permission: name,
    id,
    escalation,
    contested,
    reasons: why,
  }: NeededPermission): string =>
    `  Microsoft Graph application permission ${name}\n    id ${id}${mark(escalation)}${contested ? `  ${colours.yellow("CONTESTED")}` : ""}\n${reasons(why)}`;
  return [
    `\n${colours.bold(titles[purpose])}\n`,
    ...graph.map(permission),
    ...azure.map(
      ({ role, roleId, scope, actions, dataActions, condition, escalation, reasons: why }) =>
        `  Azure role ${role}\n    id ${roleId ?? "to be made"}${mark(escalation)}\n` +
        labelled("    at ", plainText(scope)) +
        labelled("    actions: ", actions.join(", ") || "none") +
        (dataActions.length === 0 ? "" : labelled("    data actions: ", dataActions.join(", "))) +
        (condition === null ? "" : labelled("    condition: ", condition)) +
        reasons(why),
    ),
    ...occasional.flatMap(({ when, graph: more }) => [`  Only ${when}, besides:\n`, ...more.map(permission)]),
    contestedText(identity),
  ].join("");
}

/** Both readings of what sources disagree about. */
function contestedText({ contested, reading, otherReading }: IdentityRights): string {
  if (contested.length === 0) return "";
  return [
    labelled(
      "  ",
      `Sources disagree. This is the ${reading} reading; by the ${otherReading.reading} one (--reading ${otherReading.reading}) it takes ${otherReading.graph.join(", ") || "nothing"}.`,
    ),
    ...contested.map(
      ({ call, strict, lenient, says }) =>
        `${labelled("    ", `${call}: strict ${strict.join(" and ")}; lenient ${lenient.join(" and ")}`)}${says.map((one) => labelled("      ", one)).join("")}`,
    ),
  ].join("");
}

/** Writes what an identity lacks and has too much. */
export function rightsCheckText(
  { principalId, missing, excess, unknown, notes, notLookedAt }: RightsCheck,
  colours: Colours,
): string {
  return [
    `\nThe identity ${principalId}\n`,
    ...missing.map((one) =>
      labelled("  missing  ", plainText(one)).replace("missing", colours.red("missing")),
    ),
    ...excess.map((one) =>
      labelled("  excess   ", plainText(one)).replace("excess", colours.yellow("excess")),
    ),
    ...unknown.map((one) =>
      labelled("  unknown  ", plainText(one)).replace("unknown", colours.red("unknown")),
    ),
    ...notes.map((one) => labelled("  note     ", plainText(one))),
    ...(missing.length + excess.length + unknown.length === 0
      ? [`  ${colours.green(notes.length === 0 ? "has exactly what it needs." : "has what it needs.")}\n`]
      : []),
    labelled("  ", `Not looked at: ${notLookedAt.join(", ")}.`),
  ].join("");
}
