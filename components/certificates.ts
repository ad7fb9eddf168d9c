import type { Application, ApplicationCertificate } from "@pulumi/azuread";
import { z } from "zod";
import { date } from "./argumentTypes";
import type { CalendarDay } from "./calendarDate";
import {
  canonicalPem,
  certificateEndDate,
  certificateEndProblem,
  certificateFingerprint,
  certificateKey,
  certificateProblem,
} from "./certificate";
import { childOptions, type ClientParts, diesWith } from "./child";
import { childName } from "./childNames";
import type { ClientCertificate } from "./clientArgs";
import type { Problem } from "./problem";
import { assertStandsFor, formerly, spelledFreely } from "./sameObject";
import { azuread, pulumi } from "./sdk";

/** The name of a certificate, which becomes part of a resource's name. */
export const certificateName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, {
    error: "a certificate's name has lower-case letters, digits and hyphens, and at most 50 characters",
  })
  .meta({
    description:
      "Name of the certificate, unique in the client: lower-case letters, digits and hyphens, at most 50.",
    examples: ["gateway"],
  });

/** The day on which a certificate is to end. */
export const certificateExpiresOn = date.exactOptional().meta({
  description: "UTC day from the start of which the certificate is no longer accepted.",
  absent: "when the certificate itself ends",
});

const certificate = z
  .strictObject({
    name: certificateName,
    pem: z.string().meta({
      description: "The client's own certificate in PEM, without its chain and without its private key.",
    }),
    expiresOn: certificateExpiresOn,
  })
  .meta({
    id: "ClientCertificate",
    description: "A certificate that the client may sign in with, instead of or in addition to a secret.",
  });

/** What the argument about certificates means. */
export const certificatesMeaning = {
  description: "Certificates that the client may sign in with, instead of or in addition to a secret.",
  source: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
};

/** The argument about certificates. */
export const certificatesFields = {
  certificates: z
    .array(certificate)
    .exactOptional()
    .meta({ ...certificatesMeaning, examples: [[{ name: "gateway", pem: "…" }]] }),
};

/** What is wrong with certificates, seen from a day; looks only at what has the right type. */
export function certificatesProblems(certificates: unknown, asOf: CalendarDay): Problem[] {
  if (!Array.isArray(certificates)) {
    return [];
  }
  const names = certificates.map((one) => textOf(one, "name"));
  const fingerprints = certificates.map((one) => certificateFingerprint(textOf(one, "pem")));
  return certificates.flatMap((one: unknown, index): Problem[] => {
    const [name, pem, expiresOn] = [names[index], textOf(one, "pem"), textOf(one, "expiresOn")];
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

/** Declares the certificates that the client may sign in with. */
export function declareCertificates(
  client: ClientParts,
  application: Application,
): readonly ApplicationCertificate[] {
  return (client.settings.certificates ?? []).map((declared) => {
    const name = childName(client.name, "certificate", certificateKey(declared));
    const formerName = childName(client.name, "certificate", declared.name);
    const child = new azuread.ApplicationCertificate(
      name,
      {
        applicationId: application.id,
        type: "AsymmetricX509Cert",
        encoding: "pem",
        value: canonicalPem(declared.pem),
        endDate: certificateEndDate(declared),
      },
      {
        ...childOptions(client, "certificate", name),
        ...diesWith(application),
        ...formerly(name, formerName),
        ...spelledFreely("value", "endDate"),
      },
    );
    assertStandsFor(
      child,
      formerName,
      pulumi.all([child.value, child.endDate]),
      ([value, endDate]) => isSame(declared, value, endDate),
      `the certificate that is configured under the name ${declared.name}`,
    );
    return child;
  });
}

function isSame(declared: ClientCertificate, value: string, endDate: string): boolean {
  const found = certificateFingerprint(value);
  return (
    found === undefined ||
    (found === certificateFingerprint(declared.pem) &&
      Date.parse(endDate) === Date.parse(certificateEndDate(declared)))
  );
}
