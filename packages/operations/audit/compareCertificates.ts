import { certificateEndDate, keyProblem, usableCertificateCommand } from "dicom-service-client/model";
import { isCertificate, liveCertificate } from "../cloud/certificateBytes";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { isSameInstant } from "./canonical";
import { type Comparison, quoted } from "./comparison";
import { datesOf, lifeOf, lifeText, named } from "./credentialLife";
import { certificateStandings, type LiveCertificate, thumbprintOf } from "./credentialStandings";
import type { Finding } from "./finding";
import type { LiveKeyEntry } from "./liveObjects";
import { presentOf } from "../cloud/coverage";

/** The certificates of the application. */
export function compareCertificates(comparison: Comparison): Finding[] {
  const { client, deployed, live, found, redeploy, recreated, unmanaged } = comparison;
  const isConfigured = ({ key, usage, type, endDateTime }: LiveCertificate): boolean =>
    usage === "Verify" &&
    type === "AsymmetricX509Cert" &&
    (client.config?.certificates ?? []).some(
      (one) => isCertificate(key, one.pem) && isSameInstant(certificateEndDate(one), endDateTime),
    );
  const application = presentOf(live.application);
  if (application === undefined) return [];
  const standings = certificateStandings(client.config, deployed, live);
  return [
    ...standings.flatMap(({ live: certificate, standing, declared, difference = "" }): Finding[] => {
      const commands = {
        look: `az ad app credential list --cert --id ${application.id}`,
        remove: certificate.keyIds
          .map((keyId) => `az ad app credential delete --cert --id ${application.id} --key-id ${keyId}`)
          .join(" && "),
      };
      const remove = inspectBeforeDelete(commands.look, commands.remove);
      const name = named("Certificate", certificate);
      const facts = {
        side: "live" as const,
        object: certificate.keyId,
        content: contentOf(certificate),
        ...datesOf(certificate),
      };
      switch (standing) {
        case "declared":
          return lifeOf(comparison, "Certificate", certificate, false);
        case "changed":
          return [
            found({
              ...facts,
              rule: "certificate-changed",
              detail: `${name} has the id of the declared certificate ${quoted(declared?.name ?? "")}, but ${difference}.`,
              next: `${remove}   # then ${redeploy}`,
            }),
          ];
        case "unproved":
          return [
            ...lifeOf(comparison, "Certificate", certificate, false),
            found({
              ...facts,
              rule: "certificate-unproved",
              detail: `${name}${thumbprintText(certificate)} has the id of the declared certificate ${quoted(declared?.name ?? "")}; whether it is the same one is unknown: ${difference}.`,
              next: redeploy,
            }),
          ];
        case "recreated":
          return [recreated(certificate.keyId, `${name}${thumbprintText(certificate)}`, commands)];
        case "repeated":
          return [
            found({
              ...facts,
              rule: "certificate-twice",
              ...(difference === "" ? {} : { severity: "high" as const }),
              detail: `${name} is on the application a second time${thumbprintText(certificate)}${difference === "" ? "" : `, and ${difference}`}.`,
              next: remove,
            }),
          ];
        case "undeclared":
          if (isConfigured(certificate)) {
            return [unmanaged(certificate.keyId, `${name}${thumbprintText(certificate)}`)];
          }
          return [
            found({
              ...facts,
              rule: "certificate-undeclared",
              detail: `${name} on the application${thumbprintText(certificate)}${idsText(certificate)}${lifeText(comparison, certificate)}.`,
              next: remove,
            }),
          ];
      }
    }),
    ...standings.flatMap(({ live: certificate }) => {
      const key = typeof certificate.key === "string" ? liveCertificate(certificate.key) : undefined;
      const problem = key && keyProblem(key.publicKey);
      return problem === undefined
        ? []
        : [
            found({
              rule: "certificate-unusable",
              side: "live",
              object: certificate.keyId,
              detail: `${named("Certificate", certificate)} ${problem}.`,
              content: contentOf(certificate),
              next: usableCertificateCommand,
            }),
          ];
    }),
    ...deployed.certificates
      .filter(({ keyId }) => !standings.some((one) => one.live.keyIds.includes(keyId)))
      .filter(
        (one) => !standings.some(({ standing, declared }) => standing === "recreated" && declared === one),
      )
      .map(({ keyId, name, endsAt }) =>
        found({
          rule: "certificate-missing",
          side: "live",
          object: keyId,
          detail: `The certificate ${quoted(name)} is no longer on the application.`,
          endsAt,
          next: redeploy,
        }),
      ),
  ];
}

/** What makes a certificate that one: its key where it could be read, and what it is for. */
export function contentOf({ key, customKeyIdentifier, usage, type }: LiveKeyEntry): object {
  return { key: typeof key === "string" ? thumbprintOf(key) : customKeyIdentifier, usage, type };
}

function idsText({ keyIds }: LiveCertificate): string {
  return keyIds.length === 1 ? "" : `, listed as ${keyIds.join(" and ")}`;
}

/** The thumbprint of the key itself; where that was not read, the identifier, which whoever adds a certificate may choose. */
export function thumbprintText({ key, customKeyIdentifier }: LiveKeyEntry): string {
  if (typeof key === "string") return `, thumbprint ${thumbprintOf(key)}`;
  return customKeyIdentifier === "" ? "" : `, with the stated thumbprint ${customKeyIdentifier}`;
}
