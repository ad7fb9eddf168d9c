import { plainText } from "dicom-service-client/model";
import { counted } from "../console/counted";
import type { Colours } from "../console/console";
import { textTable } from "../console/textTable";
import { labelled } from "../console/wrapped";
import type { Retired } from "./applyRetirement";
import type { OldCredential } from "./oldCredential";
import type { Retirement } from "./retirement";

const verdicts = { used: "in use", unused: "unused", unknown: "unknown" } as const;

/** Writes the plan for people: a table, and below it why, and what would be done. */
export function retirementText(plan: Retirement, again: string, colours: Colours): string {
  const { stack, credentials, readAt, unusedDays, reportDelayDays } = plan;
  const title = `Old credentials of the stack ${stack}`;
  if (credentials.length === 0) {
    return `${title}\n\n${plan.gaps.length > 0 ? "" : `${colours.green("There are none.")}\n`}${unreadText(plan, colours)}`;
  }
  const table = textTable<OldCredential>(
    [
      { title: "CLIENT", value: ({ client }) => client },
      { title: "CREDENTIAL", value: nameOf },
      { title: "STANDING", value: ({ standing }) => standing },
      { title: "KEY ID", value: ({ keyId }) => keyId },
      { title: "ENDS", value: ({ endsAt }) => endsAt?.slice(0, 10) ?? "never" },
      { title: "LAST USED", value: ({ lastUsedAt }) => lastUsedAt?.slice(0, 10) ?? "-" },
      { title: "VERDICT", value: ({ use }) => verdicts[use] },
    ],
    credentials,
  );
  const rule =
    readAt === null
      ? ""
      : labelled(
          "",
          `As reported on ${readAt.slice(0, 10)}. Unused means: not used for ${counted(unusedDays, "day")}, plus ${reportDelayDays} for the report's delay, while its successor was.`,
        );
  return [
    `${title}\n${rule}\n${table}\n`,
    ...credentials.map(
      (one) =>
        `${mark(one, colours)}${labelled("  ", `${one.client}, ${nameOf(one)}: ${one.why}${nextOf(one)}`).slice(1)}`,
    ),
    unreadText(plan, colours),
    plannedText(plan, again),
  ].join("");
}

function mark({ use }: OldCredential, colours: Colours): string {
  return use === "unused" ? colours.green("+") : use === "used" ? colours.red("!") : colours.yellow("?");
}

function nameOf({ kind, name, place }: OldCredential): string {
  return `${`${kind} ${plainText(name)}`.trimEnd()}${place === "application" ? "" : " of the service principal"}`;
}

/** What else is to be known about one that `--apply` leaves alone. */
function nextOf({ standing, use, kind, endsAt }: OldCredential): string {
  if (standing === "retiring") {
    return use === "used"
      ? "; the next pulumi up removes it, so move its consumers first"
      : "; the next pulumi up removes it";
  }
  if (standing === "previous" && use === "used") {
    return `; a consumer has not moved yet and will be refused from ${endsAt?.slice(0, 10) ?? "its end"} on`;
  }
  return kind === "certificate" && use === "unused"
    ? "; this command does not remove certificates, see audit"
    : "";
}

function unreadText({ unread, gaps }: Retirement, colours: Colours): string {
  const whys = [...new Set(unread.map(({ why }) => why))];
  const rights = [...new Set([...unread, ...gaps].flatMap(({ missingRight }) => missingRight ?? []))];
  return [
    ...[
      ...whys.map((why) => `When credentials were used could not be read: ${plainText(why)}`),
      ...gaps.map(
        ({ client, unknown, said }) => `${client ?? "all clients"}: ${plainText(said)} (needed ${unknown})`,
      ),
    ].map((text) => `${colours.yellow("?")}${labelled("  ", text).slice(1)}`),
    ...(rights.length > 0 ? [labelled("  ", `You need ${rights.join(" and ")}.`)] : []),
  ].join("");
}

function plannedText({ credentials }: Retirement, again: string): string {
  const todo = retirable(credentials);
  return todo.length === 0
    ? "\nNothing can be retired now.\n"
    : `\n--apply does this:\n${todo.map((one) => labelled("  ", doing(one))).join("")}${again === "" ? "" : `\n${again}\n`}`;
}

/** What `--apply` would carry out. */
export function retirable(credentials: readonly OldCredential[]): readonly OldCredential[] {
  return credentials.filter(({ use, action }) => use === "unused" && action !== "none");
}

function doing(one: OldCredential): string {
  const { action, client, keyId, startsOn } = one;
  return action === "remove"
    ? `remove ${nameOf(one)} (${keyId}) of ${client} from the tenant`
    : `write secret.retired: ${JSON.stringify(startsOn)} for ${client} into the stack file, so that pulumi up removes ${nameOf(one)} (${keyId})`;
}

/** Writes what was done. */
export function retiredText(
  retired: readonly Retired[],
  { stack, record }: { readonly stack: string; readonly record: string },
  colours: Colours,
): string {
  const lines = retired.map(({ credential, outcome, why }) => {
    const name = `${credential.client}, ${nameOf(credential)} (${credential.keyId})`;
    switch (outcome) {
      case "removed":
        return `${colours.green("removed")}   ${name}\n`;
      case "declared":
        return `${colours.green("retired")}   ${name}: in the stack file; pulumi up --stack ${stack} removes it\n`;
      case "kept":
        return `${colours.yellow("kept")}      ${name}: ${plainText(why)}\n`;
      case "failed":
        return `${colours.red("failed")}    ${name}: ${plainText(why)}\n`;
    }
  });
  return `\n${lines.join("")}\nThe record is in ${record}\n`;
}
