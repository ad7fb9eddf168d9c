import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { contentOf, thumbprintText } from "./compareCertificates";
import type { Comparison } from "./comparison";
import { datesOf, lifeText, named } from "./credentialLife";
import type { Finding } from "./finding";
import { presentOf } from "../cloud/coverage";

/** Credentials of the service principal itself, which the portal does not show: none is ever declared. */
export function comparePrincipalCredentials(comparison: Comparison): Finding[] {
  const { live, found, deployed } = comparison;
  const principal = presentOf(live.servicePrincipal);
  if (principal === undefined) return [];
  return [
    ...principal.passwordCredentials.map((secret) =>
      found({
        rule: "principal-secret",
        side: "live",
        object: secret.keyId,
        detail: `${named("Secret", secret)}${lifeText(comparison, secret)}.`,
        content: { displayName: secret.displayName },
        ...datesOf(secret),
        next: inspectBeforeDelete(
          `az ad sp credential list --id ${principal.id}`,
          `az ad sp credential delete --id ${principal.id} --key-id ${secret.keyId}`,
        ),
      }),
    ),
    // That of a managed identity is Azure's own.
    ...(deployed.isManagedIdentity ? [] : (live.principalKeys?.value ?? principal.keyCredentials)).map(
      (certificate) =>
        found({
          rule: "principal-certificate",
          side: "live",
          object: certificate.keyId,
          detail: `${named("Certificate", certificate)}${thumbprintText(certificate)}${lifeText(comparison, certificate)}.`,
          content: contentOf(certificate),
          ...datesOf(certificate),
          next: inspectBeforeDelete(
            `az ad sp credential list --cert --id ${principal.id}`,
            `az ad sp credential delete --cert --id ${principal.id} --key-id ${certificate.keyId}`,
          ),
        }),
    ),
  ];
}
