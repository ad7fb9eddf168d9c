import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { textOf } from "../pack/properties";
import { ofType, resourcePolicy } from "../pack/resourcePolicy";
import { types } from "../pack/resourceTypes";

const millisecondsOfDay = 86_400_000;

/**
 * What the Secure Configuration Baseline of CISA's SCuBA project says of an application's credentials.
 * Source: https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md
 */
const baseline = {
  secret: { id: "MS.AAD.5.6v1", days: 180 },
  certificate: { id: "MS.AAD.5.7v1", days: 365 },
} as const;

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
      description: "Every client secret and certificate has an end date that is not too far away.",
      severity: "high",
      enforcementLevel: "mandatory",
      remediationSteps:
        "Give the credential an endDate within the allowed time. With the component: lower secret.lifetimeDays, or use a certificate that ends earlier.",
      url: "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md",
      tags: ["credentials"],
      config: {
        maximumSecretDays: days(
          `How many days after its start, or from now, a client secret may end at the latest. The default is that of CISA's SCuBA baseline, ${baseline.secret.id}.`,
          baseline.secret.days,
        ),
        maximumCertificateDays: days(
          `How many days after its start, or from now, a certificate may end at the latest. The default is that of CISA's SCuBA baseline, ${baseline.certificate.id}.`,
          baseline.certificate.days,
        ),
      },
    },
    ofType(types.applicationPassword, types.applicationCertificate),
    ({ type, properties }, { maximumSecretDays, maximumCertificateDays }, report) => {
      const isSecret = type === types.applicationPassword;
      const maximum = isSecret ? maximumSecretDays : maximumCertificateDays;
      const { id, days: advised } = baseline[isSecret ? "secret" : "certificate"];
      const endDate = textOf(properties, "endDate");
      if (endDate === undefined) {
        report(
          `It has no endDate, so Entra chooses one; set one at most ${maximum} days from now (CISA SCuBA ${id}: ${advised} days).${textOf(properties, "endDateRelative") === undefined ? "" : " endDateRelative is deprecated and is not a replacement."}`,
        );
        return;
      }
      const end = instantOf("endDate", endDate, report);
      const startDate = textOf(properties, "startDate");
      const start = startDate === undefined ? now().getTime() : instantOf("startDate", startDate, report);
      if (end === undefined || start === undefined) {
        return;
      }
      const allowed = maximum * millisecondsOfDay;
      if (end - Math.min(start, now().getTime()) > allowed) {
        const counted = end > now().getTime() + allowed ? "from now" : "after its start";
        const source =
          end - start > advised * millisecondsOfDay ? ` (CISA SCuBA ${id}: ${advised} days)` : "";
        report(
          `It ends on ${endDate}, which is more than ${maximum} days ${counted}${source}; choose an earlier end date.`,
        );
      }
    },
  );
}

/** An instant in milliseconds; reports a text that is none. */
function instantOf(key: string, text: string, report: (violation: string) => void): number | undefined {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) {
    report(
      `Its ${key} ${JSON.stringify(text)} is not a point in time; write it like "2027-05-22T00:00:00Z".`,
    );
    return undefined;
  }
  return instant;
}

/** Secrets and certificates end, and not too late. */
export const credentialEndDate = credentialEndDatePolicy(() => new Date());
