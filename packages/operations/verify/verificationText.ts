import { plainText } from "dicom-service-client/model";
import type { Colours } from "../console/console";
import { labelled, wrapped, lineWidth } from "../console/wrapped";
import type { StageResult, Verification } from "./verification";

/** Writes a verification for people: every stage on a line, with cause and cure below those that failed. */
export function verificationText(verification: Verification, colours: Colours): string {
  const ofClients = verification.clients.flatMap(({ name, clientId, credentials }) => [
    ...wrapped(`${name} (client id ${clientId ?? "none yet"})`, lineWidth).map((line) =>
      line.replace(name, (text) => colours.bold(text)),
    ),
    ...(credentials.length === 0
      ? ["  No credential to verify with: the client has none."]
      : credentials.flatMap((credential) => [
          lines(
            "  ",
            `${credential.kind} ${plainText(credential.name)}${credential.keyId === null ? "" : ` (${credential.keyId})`}`,
          ),
          ...credential.stages.flatMap((stage) => stageLines(stage, colours)),
        ])),
    "",
  ]);
  return `${[...ofClients, ...notTried(verification), verdict(verification, colours)].join("\n")}\n`;
}

/** Names every credential that no token was asked for with, and that nothing else is wrong with; and whatever was not chosen. */
function notTried({ clients, notChosen }: Verification): readonly string[] {
  const names = clients.flatMap(({ name, credentials }) =>
    credentials
      .filter(({ tried, stages }) => !tried && stages.every(({ outcome }) => outcome === "skipped"))
      .map(({ kind, name: of }) => `${kind} ${plainText(of)} of ${name}`),
  );
  return [
    ...(names.length === 0 ? [] : [lines("", `Not tried: ${names.join(", ")}.`)]),
    ...(notChosen.length === 0 ? [] : [lines("", `Not chosen by --client: ${notChosen.join(", ")}.`)]),
  ];
}

function verdict({ works, clients, notChosen }: Verification, colours: Colours): string {
  if (works) {
    const every = notChosen.length === 0 ? "Every client works" : "Every chosen client works";
    return colours.green(
      clients.every(({ credentials }) => credentials.every(({ tried }) => tried))
        ? `${every}.`
        : `${every}, with the credentials that were tried.`,
    );
  }
  const untried = clients.filter((client) => client.verdict === "untried").map(({ name }) => name);
  return clients.some((client) => client.verdict === "fails") || untried.length === 0
    ? colours.red("Not every client works.")
    : colours.yellow(
        lines(
          "",
          `Whether ${untried.join(" and ")} ${untried.length === 1 ? "works" : "work"} is not known.`,
        ),
      );
}

function stageLines(
  { stage, outcome, detail, service, problem, cure }: StageResult,
  colours: Colours,
): readonly string[] {
  const [word, paint] = (
    {
      passed: ["ok  ", colours.green],
      failed: ["FAIL", colours.red],
      skipped: ["skip", colours.yellow],
    } as const
  )[outcome];
  const said = `${service === undefined ? "" : `${service}: `}${plainText(detail)}`;
  return [
    lines(`    ${word}  ${stage.padEnd(11)} `, said).replace(word, (text) => paint(text)),
    ...(problem === undefined ? [] : [lines("          cause: ", problem)]),
    ...(cure === undefined ? [] : [lines("          fix:   ", plainText(cure))]),
  ];
}

function lines(label: string, text: string): string {
  return labelled(label, text).trimEnd();
}
