import type { CalendarDay } from "./calendarDate";
import { certificateEndProblem, certificateProblem, type CertificateArgs } from "./certificate";
import type { Problem } from "./problem";
import { secretStartProblems } from "./secretSchedule";

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
    ...secretStartProblems(secret, asOf).map(({ path, message }) => ({ path: ["secret", ...path], message })),
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
            message: `is none although ${declared.join(" and ")} are given; remove one or the other`,
          },
        ]
      : []),
    ...(vault !== undefined && secret === undefined
      ? [{ path: ["vault"], message: "has no secret to keep; give secret, or remove vault" }]
      : []),
  ];
}

function certificatesProblems(certificates: unknown, asOf: CalendarDay): Problem[] {
  if (!Array.isArray(certificates)) {
    return [];
  }
  const names = certificates.map((certificate) =>
    isCertificate(certificate) ? certificate.name : undefined,
  );
  return certificates.flatMap((certificate: unknown, index): Problem[] => {
    if (!isCertificate(certificate)) {
      return [];
    }
    const first = names.indexOf(certificate.name);
    const own = certificateProblem(certificate.pem, asOf);
    const end = certificateEndProblem(certificate, asOf);
    return [
      ...(first < index
        ? [{ path: ["certificates", index, "name"], message: `is already the name of [${first}]` }]
        : []),
      ...(own === undefined ? [] : [{ path: ["certificates", index, "pem"], message: own }]),
      ...(end === undefined ? [] : [{ path: ["certificates", index, "expiresOn"], message: end }]),
    ];
  });
}

function isCertificate(value: unknown): value is CertificateArgs {
  return (
    value !== null &&
    typeof value === "object" &&
    "name" in value &&
    typeof value.name === "string" &&
    "pem" in value &&
    typeof value.pem === "string" &&
    (!("expiresOn" in value) || typeof value.expiresOn === "string")
  );
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
