import type { CalendarDay } from "./calendarDate";
import { certificateEndProblem, certificateFingerprint, certificateProblem } from "./certificate";
import type { Problem } from "./problem";
import { secretDayProblems } from "./secretSchedule";

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
    ...secretDayProblems(secret, asOf).map(({ path, message }) => ({ path: ["secret", ...path], message })),
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

function certificatesProblems(certificates: unknown, asOf: CalendarDay): Problem[] {
  if (!Array.isArray(certificates)) {
    return [];
  }
  const names = certificates.map((certificate) => textOf(certificate, "name"));
  const fingerprints = certificates.map((certificate) => certificateFingerprint(textOf(certificate, "pem")));
  return certificates.flatMap((certificate: unknown, index): Problem[] => {
    const [name, pem, expiresOn] = [
      names[index],
      textOf(certificate, "pem"),
      textOf(certificate, "expiresOn"),
    ];
    const first = name === undefined ? index : names.indexOf(name);
    const own = pem === undefined ? undefined : certificateProblem(pem, asOf);
    const same = fingerprints[index] === undefined ? index : fingerprints.indexOf(fingerprints[index]);
    const end = expiresOn === undefined ? undefined : certificateEndProblem(expiresOn, pem, asOf);
    return [
      ...(first < index
        ? [{ path: ["certificates", index, "name"], message: `is already the name of [${first}]` }]
        : []),
      ...(own === undefined ? [] : [{ path: ["certificates", index, "pem"], message: own }]),
      ...(same < index
        ? [
            {
              path: ["certificates", index, "pem"],
              message: `is the same certificate as [${same}]; remove one of the two`,
            },
          ]
        : []),
      ...(end === undefined ? [] : [{ path: ["certificates", index, "expiresOn"], message: end }]),
    ];
  });
}

function textOf(value: unknown, key: string): string | undefined {
  const found: unknown =
    value !== null && typeof value === "object"
      ? Object.getOwnPropertyDescriptor(value, key)?.value
      : undefined;
  return typeof found === "string" ? found : undefined;
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
