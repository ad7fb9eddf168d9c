import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

const secondsOfDay = 86_400;

const days = (what: string, standard: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(1).max(3650).default(standard).describe(what);

/**
 * Secrets and certificates end, and not too late.
 *
 * @param now the present instant. Later runs see a credential with less of its life left, never with more.
 */
export function credentialEndDatePolicy(now: () => Date): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "credential-end-date",
      displayName: "Credentials end",
      description: "Every client secret and certificate has an end date, and it is not too far away.",
      severity: "high",
      enforcementLevel: "mandatory",
      remediationSteps:
        "Give the credential an endDate within the allowed time. With the component: lower secret.lifetimeDays, or use a certificate that ends earlier.",
      url: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
      tags: ["credentials"],
      config: {
        maximumSecretDays: days(
          "How many days from now a client secret may end at the latest. The default is Microsoft's advice: less than 12 months.",
          365,
        ),
        maximumCertificateDays: days("How many days from now a certificate may end at the latest.", 730),
      },
    },
    ofType(types.applicationPassword, types.applicationCertificate),
    ({ type, properties }, { maximumSecretDays, maximumCertificateDays }, report) => {
      const maximum = type === types.applicationPassword ? maximumSecretDays : maximumCertificateDays;
      const endDate = textOf(properties, "endDate");
      if (endDate === undefined) {
        report(
          `It has no endDate, so that Entra chooses its end; write one at most ${maximum} days from now.${textOf(properties, "endDateRelative") === undefined ? "" : " endDateRelative is deprecated and is no replacement."}`,
        );
        return;
      }
      const end = Date.parse(endDate);
      if (Number.isNaN(end)) {
        report(
          `Its endDate ${JSON.stringify(endDate)} is no instant; write it as in "2027-05-22T00:00:00Z".`,
        );
      } else if (end > now().getTime() + maximum * secondsOfDay * 1000) {
        report(`It ends on ${endDate}, which is more than ${maximum} days from now; let it end earlier.`);
      }
    },
  );
}

/** Secrets and certificates end, and not too late. */
export const credentialEndDate = credentialEndDatePolicy(() => new Date());
