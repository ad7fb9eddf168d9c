import { type OutsideFact, outsideFacts } from "dicom-service-client/model";
import { privilegedRoles, rolesUrl } from "../policy/rules/azureRole";
import { privileged, privilegedUrl } from "../policy/rules/privilegedPermissions";

const roles = Object.entries(privilegedRoles).map(([value, name]) => ({
  what: `Azure role ${name}, which may assign roles`,
  value,
  source: rolesUrl,
  readOn: "2026-11-28",
  lookAgainOn: "2027-11-28",
}));
const permissions = Object.entries(privileged).flatMap(([name, ids]) =>
  Object.entries(ids).map(([kind, value]) => ({
    what: `Id of the ${kind} permission ${name} of Microsoft Graph`,
    value,
    source: privilegedUrl,
    readOn: "2026-11-27",
    lookAgainOn: "2027-11-27",
  })),
);
const known: readonly unknown[] = Object.values(outsideFacts).map(({ value }) => value);

/** The facts about the outside, by name: those that the code takes its values from, and what the policies alone refuse. */
export const allFacts: Readonly<Record<string, OutsideFact>> = {
  ...outsideFacts,
  ...Object.fromEntries(
    [...roles, ...permissions]
      .filter(({ value }) => !known.includes(value))
      .map((fact) => [fact.value, fact]),
  ),
};
