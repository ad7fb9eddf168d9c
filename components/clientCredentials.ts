import * as pulumi from "@pulumi/pulumi";
import * as azuread from "@pulumi/azuread";
import type { CalendarDay } from "./calendarDate";
import {
  canonicalPem,
  certificateEndDate,
  certificateFingerprint,
  certificateKey,
  type ClientCertificate,
} from "./certificate";
import { creationHooks, secretHooks } from "./clientHooks";
import { diesWithApplication, type ApplicationParts } from "./clientParts";
import { exchangeAudience } from "./exchangeAudience";
import type { FederatedCredential } from "./federatedCredential";
import { assertStandsFor, formerly, spelledFreely } from "./sameObject";
import {
  endDateOf,
  planSecrets,
  type SecretGeneration,
  type SecretPlan,
  type SecretSchedule,
} from "./secretSchedule";

/** The secrets of one client on one day. */
export interface DeclaredSecrets {
  readonly plan: SecretPlan;
  readonly current: azuread.ApplicationPassword;
  readonly previous?: azuread.ApplicationPassword;
}

/** Declares the secrets that the schedule has on a day. Nothing but the schedule decides when one is replaced. */
export function declareSecrets(
  parts: ApplicationParts,
  schedule: SecretSchedule,
  asOf: CalendarDay,
): DeclaredSecrets {
  const plan = planSecrets(schedule, asOf);
  const declare = (generation: SecretGeneration): azuread.ApplicationPassword => {
    return new azuread.ApplicationPassword(
      `${parts.name}-secret-${generation.slot}`,
      {
        applicationId: parts.application.id,
        // Another description replaces a secret, so it depends on nothing that may be renamed.
        displayName: `Managed by Pulumi, slot ${generation.slot}`,
        endDate: endDateOf(generation),
        rotateWhenChanged: { reissue: String(schedule.reissue ?? 0) },
      },
      {
        ...diesWithApplication(parts),
        ...secretHooks(),
      },
    );
  };
  return {
    plan,
    current: declare(plan.current),
    ...(plan.previous ? { previous: declare(plan.previous) } : {}),
  };
}

/** Declares the certificates that the client may sign in with. */
export function declareCertificates(
  parts: ApplicationParts,
  certificates: readonly ClientCertificate[],
): pulumi.Resource[] {
  return certificates.map((certificate) => {
    const formerName = `${parts.name}-certificate-${certificate.name}`;
    const childName = `${parts.name}-certificate-${certificateKey(certificate)}`;
    const child = new azuread.ApplicationCertificate(
      childName,
      {
        applicationId: parts.application.id,
        type: "AsymmetricX509Cert",
        encoding: "pem",
        value: canonicalPem(certificate.pem),
        endDate: certificateEndDate(certificate),
      },
      {
        ...diesWithApplication(parts),
        ...creationHooks(),
        ...formerly(childName, formerName),
        ...spelledFreely("value", "endDate"),
      },
    );
    const isMeant = (value: string, endDate: string): boolean => {
      const found = certificateFingerprint(value);
      return (
        found === undefined ||
        (found === certificateFingerprint(certificate.pem) &&
          Date.parse(endDate) === Date.parse(certificateEndDate(certificate)))
      );
    };
    assertStandsFor(
      child,
      formerName,
      pulumi.all([child.value, child.endDate]),
      ([value, endDate]) => isMeant(value, endDate),
      `the certificate that is configured under the name ${certificate.name}`,
    );
    return child;
  });
}

/**
 * Declares whose tokens the client may sign in with.
 *
 * @param loginUrl base address of the cloud's token endpoint, which decides the default audience
 */
export function declareFederatedCredentials(
  parts: ApplicationParts,
  credentials: readonly FederatedCredential[],
  loginUrl: string,
): pulumi.Resource[] {
  return credentials.map(
    ({ name, formerName, issuer, subject, audience, description }) =>
      new azuread.ApplicationFederatedIdentityCredential(
        `${parts.name}-federated-${name}`,
        {
          applicationId: parts.application.id,
          displayName: name,
          issuer,
          subject,
          audiences: [audience ?? exchangeAudience(loginUrl)],
          ...(description === undefined ? {} : { description }),
        },
        // Entra allows an issuer and subject only once on an application, so the old one must go before the new one comes.
        {
          ...diesWithApplication(parts),
          ...creationHooks(),
          deleteBeforeReplace: true,
          ...(formerName === undefined
            ? {}
            : { aliases: [{ name: `${parts.name}-federated-${formerName}` }] }),
        },
      ),
  );
}
