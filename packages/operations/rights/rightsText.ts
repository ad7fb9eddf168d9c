import type { Colours } from "../console/console";
import { plainText } from "../console/plainText";
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
  const reasons = (all: readonly string[]): string => all.map((reason) => `      to ${reason}\n`).join("");
  const permission = ({
    permission: name,
    id,
    escalation,
    contested,
    reasons: why,
  }: NeededPermission): string =>
    `  Microsoft Graph application permission ${name} (${id})${mark(escalation)}${contested ? `  ${colours.yellow("CONTESTED")}` : ""}\n${reasons(why)}`;
  return [
    `\n${colours.bold(titles[purpose])}\n`,
    ...graph.map(permission),
    ...azure.map(
      ({ role, roleId, scope, actions, dataActions, condition, escalation, reasons: why }) =>
        `  Azure role ${role} (${roleId ?? "to be made"})${mark(escalation)}\n    at ${plainText(scope)}\n` +
        `    actions: ${actions.join(", ") || "none"}\n` +
        (dataActions.length === 0 ? "" : `    data actions: ${dataActions.join(", ")}\n`) +
        (condition === null ? "" : `    condition: ${condition}\n`) +
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
    `  Sources disagree. This is the ${reading} reading; by the ${otherReading.reading} one (--reading ${otherReading.reading}) it takes ${otherReading.graph.join(", ") || "nothing"}.\n`,
    ...contested.map(
      ({ call, strict, lenient, says }) =>
        `    ${call}: strict ${strict.join(" and ")}; lenient ${lenient.join(" and ")}\n${says.map((one) => `      ${one}\n`).join("")}`,
    ),
  ].join("");
}

/** Writes what an identity lacks and has too much. */
export function rightsCheckText(
  { principalId, missing, excess, unknown, notes }: RightsCheck,
  colours: Colours,
): string {
  return [
    `\nThe identity ${principalId}\n`,
    ...missing.map((one) => `  ${colours.red("missing")}  ${plainText(one)}\n`),
    ...excess.map((one) => `  ${colours.yellow("excess")}   ${plainText(one)}\n`),
    ...unknown.map((one) => `  ${colours.red("unknown")}  ${plainText(one)}\n`),
    ...notes.map((one) => `  note     ${plainText(one)}\n`),
    ...(missing.length + excess.length + unknown.length === 0
      ? [`  ${colours.green(notes.length === 0 ? "has exactly what it needs." : "has what it needs.")}\n`]
      : []),
    "  Azure roles elsewhere than at and above the needed scopes are not looked at.\n",
  ].join("");
}
