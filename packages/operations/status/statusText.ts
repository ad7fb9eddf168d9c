import type { Colours } from "../console/console";
import { plainText } from "../console/plainText";
import { textTable } from "../console/textTable";
import type { ClientStatus, CredentialStatus } from "./credentialStatus";
import type { StackStatus } from "./stackStatus";

interface Row {
  readonly client: ClientStatus;
  /** Undefined of a client without any credential. */
  readonly credential: CredentialStatus | undefined;
}

/** Writes the status for people: a table, and below it what is to be done. */
export function statusText(status: StackStatus, colours: Colours): string {
  const rows = status.clients.flatMap((client): Row[] =>
    client.credentials.length === 0
      ? [{ client, credential: undefined }]
      : client.credentials.map((credential) => ({ client, credential })),
  );
  const of =
    (show: (credential: CredentialStatus) => string | null) =>
    ({ credential }: Row): string =>
      (credential && show(credential)) ?? "-";
  const table = textTable<Row>(
    [
      { title: "CLIENT", value: ({ client }) => client.name },
      {
        title: "CREDENTIAL",
        value: ({ credential }) =>
          credential === undefined ? "none" : `${credential.kind} ${plainText(credential.name)}`,
      },
      { title: "STATE", value: of(({ standing }) => standing) },
      { title: "KEY ID", value: of(({ keyId }) => keyId) },
      { title: "FROM", value: of(({ startsOn }) => startsOn) },
      { title: "ENDS", value: of(({ endsAt }) => endsAt?.replace("T00:00:00Z", "") ?? "never") },
      {
        title: "USED",
        align: "right",
        value: of(({ lifeUsedPercent }) => (lifeUsedPercent === null ? null : `${lifeUsedPercent} %`)),
      },
      {
        title: "DAYS LEFT",
        align: "right",
        value: of(({ daysLeft }) => (daysLeft === null ? null : String(daysLeft))),
      },
      {
        title: "OVERLAP",
        value: of(({ overlap }) => (overlap === null ? null : `${overlap.from} to ${overlap.until}`)),
      },
      { title: "NEXT ROTATION", value: of(({ nextRotationOn }) => nextRotationOn) },
      ...(status.use?.read === true
        ? [{ title: "LAST USED", value: of(({ lastUsedAt }) => lastUsedAt?.slice(0, 10) ?? null) }]
        : []),
    ],
    rows,
  );
  const notes = rows.flatMap(({ client, credential }) =>
    credential?.attention
      ? [`${client.name}, ${credential.kind} ${plainText(credential.name)}: ${credential.attention}`]
      : [],
  );
  const verdict =
    notes.length > 0
      ? `\n${notes.map((note) => `${colours.yellow("!")} ${note}\n`).join("")}`
      : `\n${colours.green("Nothing needs attention.")}\n`;
  const { use } = status;
  const unread =
    use === null || use.read
      ? ""
      : `\nWhen credentials were last used could not be read: ${plainText(use.why ?? "")}${use.missingRight === null ? "" : ` You need ${use.missingRight}.`}\n`;
  return `Stack ${status.stack} on ${status.asOf} (UTC)\n\n${table}${unread}${verdict}`;
}
