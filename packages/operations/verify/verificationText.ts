import type { Colours } from "../console/console";
import { plainText } from "../console/plainText";
import type { StageResult, Verification } from "./verification";

/** Writes a verification for people: every stage on a line, with cause and cure below those that failed. */
export function verificationText(verification: Verification, colours: Colours): string {
  const lines = verification.clients.flatMap(({ name, clientId, credentials }) => [
    `${colours.bold(name)} (client id ${clientId ?? "none yet"})`,
    ...(credentials.length === 0
      ? ["  No credential to verify with: the client has no secret, and no key or token was given."]
      : credentials.flatMap((credential) => [
          `  ${credential.kind} ${plainText(credential.name)}${credential.keyId === null ? "" : ` (${credential.keyId})`}`,
          ...credential.stages.flatMap((stage) => stageLines(stage, colours)),
        ])),
    "",
  ]);
  const verdict = verification.works
    ? colours.green("Every client works.")
    : colours.red("Not every client works.");
  return `${[...lines, verdict].join("\n")}\n`;
}

function stageLines(
  { stage, outcome, detail, service, problem, cure }: StageResult,
  colours: Colours,
): readonly string[] {
  const mark = {
    passed: colours.green("ok  "),
    failed: colours.red("FAIL"),
    skipped: colours.yellow("skip"),
  }[outcome];
  const where = service === undefined ? "" : ` ${service}:`;
  return [
    `    ${mark}  ${stage.padEnd(10)} ${`${where} ${plainText(detail)}`.trim()}`,
    ...(problem === undefined ? [] : [`          cause: ${problem}`]),
    ...(cure === undefined ? [] : [`          cure:  ${cure}`]),
  ];
}
