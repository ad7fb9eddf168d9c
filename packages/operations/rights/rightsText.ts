import type { Colours } from "../console/console";
import type { RightsCheck } from "./heldRights";
import type { IdentityRights, RightsReport } from "./rightsReport";

const titles = {
  deploy: "To deploy (pulumi preview, up, destroy)",
  adopt: "To take registrations over (ops adopt)",
  drift: "To watch over (ops audit, ops verify, pulumi refresh --preview-only)",
} as const;

/** Writes the rights for people. */
export function rightsText({ stack, identities }: RightsReport, colours: Colours): string {
  return `Least privilege for the stack ${stack}\n${identities.map((identity) => identityText(identity, colours)).join("")}`;
}

function identityText({ purpose, graph, azure }: IdentityRights, colours: Colours): string {
  const mark = (escalation: boolean): string => (escalation ? `  ${colours.red("ESCALATION")}` : "");
  const reasons = (all: readonly string[]): string => all.map((reason) => `      to ${reason}\n`).join("");
  return [
    `\n${colours.bold(titles[purpose])}\n`,
    ...graph.map(
      ({ permission, id, escalation, reasons: why }) =>
        `  Microsoft Graph application permission ${permission} (${id})${mark(escalation)}\n${reasons(why)}`,
    ),
    ...azure.map(
      ({ role, roleId, scope, actions, dataActions, condition, escalation, reasons: why }) =>
        `  Azure role ${role} (${roleId ?? "to be made"})${mark(escalation)}\n    at ${scope}\n` +
        `    actions: ${actions.join(", ") || "none"}\n` +
        (dataActions.length === 0 ? "" : `    data actions: ${dataActions.join(", ")}\n`) +
        (condition === null ? "" : `    condition: ${condition}\n`) +
        reasons(why),
    ),
  ].join("");
}

/** Writes what an identity lacks and has too much. */
export function rightsCheckText({ principalId, missing, excess }: RightsCheck, colours: Colours): string {
  return [
    `\nThe identity ${principalId}\n`,
    ...missing.map((one) => `  ${colours.red("missing")}  ${one}\n`),
    ...excess.map((one) => `  ${colours.yellow("excess")}   ${one}\n`),
    ...(missing.length + excess.length === 0 ? [`  ${colours.green("has exactly what it needs.")}\n`] : []),
  ].join("");
}
