import { plainText } from "dicom-service-client/model";
import type { Colours } from "../console/console";
import { textTable } from "../console/textTable";
import { labelled } from "../console/wrapped";
import { unreadUseText } from "../retire/useReport";
import type { ClientStatus, CredentialStatus } from "./credentialStatus";
import type { StackStatus } from "./stackStatus";

interface Row {
  readonly client: ClientStatus;
  /** Undefined of a client without any credential. */
  readonly credential: CredentialStatus | undefined;
}

/**
 * Writes the status for people: a table, and below it what is to be done.
 *
 * @param verbose with key ids and overlaps, too
 */
export function statusText(status: StackStatus, colours: Colours, verbose: boolean): string {
  const rows = status.clients.flatMap((client): Row[] =>
    client.credentials.length === 0
      ? [{ client, credential: undefined }]
      : client.credentials.map((credential) => ({ client, credential })),
  );
  const of =
    (show: (credential: CredentialStatus) => string | number | null) =>
    ({ credential }: Row): string =>
      String((credential && show(credential)) ?? "-");
  const table = textTable<Row>(
    [
      { title: "CREDENTIAL", value: ({ credential }) => (credential ? nameOf(credential) : "none") },
      { title: "STATE", value: of(({ standing }) => standing) },
      { title: "FROM", value: of(({ startsOn }) => startsOn) },
      { title: "ENDS", value: of(({ endsAt }) => endsAt?.replace("T00:00:00Z", "") ?? "never") },
      {
        title: "USED",
        align: "right",
        value: of(({ lifeUsedPercent }) => (lifeUsedPercent === null ? null : `${lifeUsedPercent} %`)),
      },
      { title: "DAYS LEFT", align: "right", value: of(({ daysLeft }) => daysLeft) },
      { title: "ROTATES", value: of(({ nextRotationOn }) => nextRotationOn) },
      ...(status.use?.read === true
        ? [{ title: "LAST USED", value: of(({ lastUsedAt }) => lastUsedAt?.slice(0, 10) ?? null) }]
        : []),
    ],
    rows,
    "  ",
    ({ client }, before) => (client === before?.client ? undefined : colours.bold(client.name)),
  );
  const notes = rows.flatMap(({ client, credential }) =>
    credential?.attention ? [`${client.name}, ${nameOf(credential)}: ${credential.attention}`] : [],
  );
  const more = rows.flatMap(({ client, credential }) =>
    credential === undefined ? [] : [moreText(client, credential)],
  );
  return [
    `Stack ${status.stack} on ${status.asOf} (UTC)\n\n${table}\n`,
    ...(verbose ? [...more, "\n"] : []),
    status.use === null ? "" : unreadUseText(status.use),
    ...(notes.length > 0
      ? notes.map((note) => `${colours.yellow("!")}${labelled("  ", note).slice(1)}`)
      : [`${colours.green("Nothing needs attention.")}\n`]),
  ].join("");
}

/** What a table of 80 columns has no room for. */
function moreText({ name }: ClientStatus, credential: CredentialStatus): string {
  const { keyId, overlap } = credential;
  const parts = [
    `key id ${keyId ?? "none yet"}`,
    ...(overlap === null ? [] : [`overlap ${overlap.from} to ${overlap.until}`]),
  ];
  return labelled("", `${name}, ${nameOf(credential)}: ${parts.join(", ")}`);
}

function nameOf({ kind, name }: CredentialStatus): string {
  return `${kind} ${plainText(name)}`;
}
