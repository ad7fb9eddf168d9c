import type { CalendarDay } from "./calendarDate";
import { certificatesProblems } from "./certificates";
import { runsOnProblems } from "./federatedCredentials";
import { noApplicationProblems } from "./managedIdentity";
import type { Problem } from "./problem";
import { secretDayProblems } from "./secrets";

/**
 * What is wrong with a client as a whole: rules between its keys and rules that depend on the day. They hold for whatever the
 * client was read from, so they look only at what has the right type.
 *
 * @param asOf the day that counts as today.
 */
export function clientRuleProblems(client: Readonly<Record<string, unknown>>, asOf: CalendarDay): Problem[] {
  const { application, secret, certificates, runsOn, federatedCredentials, credentials, vault } = client;
  const declared = [
    ...(secret === undefined ? [] : ["secret"]),
    ...(isEmptyList(certificates) ? [] : ["certificates"]),
    ...(runsOn === undefined ? [] : ["runsOn"]),
    ...(isEmptyList(federatedCredentials) ? [] : ["federatedCredentials"]),
  ];
  return [
    ...secretDayProblems(secret, asOf),
    ...certificatesProblems(certificates, asOf),
    ...runsOnProblems(runsOn, federatedCredentials),
    ...noApplicationProblems(client),
    ...(declared.length === 0 && credentials === undefined && application !== "none"
      ? [
          {
            path: [],
            message:
              "has no credential to sign in with; give runsOn, federatedCredentials, certificates or secret, or write credentials: none",
          },
        ]
      : []),
    ...(declared.length > 0 && credentials === "none"
      ? [
          {
            path: ["credentials"],
            message: `is none although the client has ${declared.join(" and ")}; remove one or the other`,
          },
        ]
      : []),
    ...(vault !== undefined && secret === undefined && application !== "none"
      ? [{ path: ["vault"], message: "has no secret to store; add secret, or remove vault" }]
      : []),
  ];
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
