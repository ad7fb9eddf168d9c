import type { Colours } from "../console/console";
import { plainText } from "../console/plainText";
import { textTable } from "../console/textTable";
import { labelled } from "../console/wrapped";
import type { ClientStatus, CredentialStatus } from "./credentialStatus";
import type { StackStatus } from "./stackStatus";

/**
 * Writes the status for people: a table for each client, and below them what is to be done.
 *
 * @param verbose with the key ids and overlaps, too
 */
export function statusText(status: StackStatus, colours: Colours, verbose: boolean): string {
  const notes = status.clients.flatMap(({ name, credentials }) =>
    credentials.flatMap((credential) =>
      credential.attention ? [`${name}, ${nameOf(credential)}: ${credential.attention}`] : [],
    ),
  );
  return [
    `Stack ${status.stack} on ${status.asOf} (UTC)\n\n`,
    ...status.clients.map((client) => clientText(client, colours, verbose)),
    ...(notes.length > 0
      ? notes.map((note) => `${colours.yellow("!")}${labelled("  ", note).slice(1)}`)
      : [`${colours.green("Nothing needs attention.")}\n`]),
  ].join("");
}

function clientText({ name, credentials }: ClientStatus, colours: Colours, verbose: boolean): string {
  const table = textTable<CredentialStatus>(
    [
      { title: "CREDENTIAL", value: nameOf },
      { title: "STATE", value: ({ standing }) => standing },
      { title: "FROM", value: ({ startsOn }) => startsOn ?? "-" },
      { title: "ENDS", value: ({ endsAt }) => endsAt?.replace("T00:00:00Z", "") ?? "never" },
      {
        title: "USED",
        align: "right",
        value: ({ lifeUsedPercent }) => (lifeUsedPercent === null ? "-" : `${lifeUsedPercent} %`),
      },
      {
        title: "DAYS LEFT",
        align: "right",
        value: ({ daysLeft }) => (daysLeft === null ? "-" : String(daysLeft)),
      },
      { title: "ROTATES", value: ({ nextRotationOn }) => nextRotationOn ?? "-" },
    ],
    credentials,
    "  ",
  );
  const more = credentials.map(
    (credential) =>
      `  ${nameOf(credential)}: ${[
        `key id ${credential.keyId ?? "none yet"}`,
        ...(credential.overlap === null
          ? []
          : [`overlap ${credential.overlap.from} to ${credential.overlap.until}`]),
      ].join(", ")}\n`,
  );
  return [
    `${colours.bold(name)}\n`,
    credentials.length === 0 ? "  no credential\n" : table,
    ...(verbose ? more : []),
    "\n",
  ].join("");
}

function nameOf({ kind, name }: CredentialStatus): string {
  return `${kind} ${plainText(name)}`;
}
