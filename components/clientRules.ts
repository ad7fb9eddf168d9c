import type { CalendarDay } from "./calendarDate";
import { certificatesProblems } from "./certificates";
import type { Problem } from "./problem";
import { secretDayProblems } from "./secrets";

/**
 * What is wrong with a client as a whole: rules between its keys and rules that depend on the day. They hold for whatever the
 * client was read from, so they look only at what has the right type.
 *
 * @param asOf the day that counts as today.
 */
export function clientRuleProblems(client: Readonly<Record<string, unknown>>, asOf: CalendarDay): Problem[] {
  const { secret, certificates, federatedCredentials, credentials, vault } = client;
  const declared = [
    ...(secret === undefined ? [] : ["secret"]),
    ...(isEmptyList(certificates) ? [] : ["certificates"]),
    ...(isEmptyList(federatedCredentials) ? [] : ["federatedCredentials"]),
  ];
  return [
    ...secretDayProblems(secret, asOf),
    ...certificatesProblems(certificates, asOf),
    ...(declared.length === 0 && credentials === undefined
      ? [
          {
            path: [],
            message:
              "has no credential to sign in with; give secret, certificates or federatedCredentials, or write credentials: none",
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
    ...(vault !== undefined && secret === undefined
      ? [{ path: ["vault"], message: "has no secret to store; add secret, or remove vault" }]
      : []),
  ];
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
