import { endDateOf, formatCalendarDay, planSecrets } from "dicom-service-client/model";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import type { Comparison } from "./comparison";
import { datesOf, lifeOf, lifeText, named } from "./credentialLife";
import { secretStandings } from "./credentialStandings";
import type { Finding } from "./finding";
import { presentOf } from "../cloud/coverage";

/** Secrets: those of the schedule, and what else the application has. */
export function compareSecrets(comparison: Comparison): Finding[] {
  return [...rotation(comparison), ...secrets(comparison)];
}

function rotation({ client, deployed, asOf, found, redeploy }: Comparison): Finding[] {
  const schedule = client.config?.secret;
  if (!schedule) return [];
  const { current } = planSecrets(schedule, asOf);
  const isDeployed = deployed.secrets.some(
    ({ slot, endsAt }) => slot === current.slot && endsAt === endDateOf(current),
  );
  return isDeployed
    ? []
    : [
        found({
          rule: "rotation-due",
          side: "state",
          object: `clients.${client.name}.secret`,
          // The day of the audit is no part of it.
          content: current.slot,
          detail: `On ${formatCalendarDay(asOf)} the schedule has the secret of slot ${current.slot}, from ${formatCalendarDay(current.startsOn)} on; it has not been issued.`,
          endsAt: endDateOf(current),
          next: redeploy,
        }),
      ];
}

function secrets(comparison: Comparison): Finding[] {
  const { deployed, live, found, redeploy } = comparison;
  const application = presentOf(live.application);
  if (application === undefined) return [];
  const there = application.passwordCredentials;
  const remove = (keyId: string): string =>
    inspectBeforeDelete(
      `az ad app credential list --id ${application.id} --query "[?keyId=='${keyId}']"`,
      `az ad app credential delete --id ${application.id} --key-id ${keyId}`,
    );
  const missing = deployed.secrets.filter(({ keyId }) => !there.some((secret) => secret.keyId === keyId));
  const superseded = new Set(
    deployed.secrets
      .filter((secret) => !missing.includes(secret))
      .sort((one, other) => other.endsAt.localeCompare(one.endsAt))
      .slice(1)
      .map(({ keyId }) => keyId),
  );
  return [
    ...secretStandings(deployed, live).flatMap(({ live: secret, standing, difference = "" }) =>
      standing === "declared"
        ? lifeOf(comparison, "Secret", secret, superseded.has(secret.keyId))
        : [
            standing === "changed"
              ? found({
                  rule: "secret-changed",
                  side: "live",
                  object: secret.keyId,
                  detail: `${named("Secret", secret)} has the id of a declared one, but ${difference}.`,
                  content: { displayName: secret.displayName },
                  ...datesOf(secret),
                  next: `${remove(secret.keyId)}   # then ${redeploy}`,
                })
              : found({
                  rule: "secret-undeclared",
                  side: "live",
                  object: secret.keyId,
                  detail: `${named("Secret", secret)} on the application${lifeText(comparison, secret)}.`,
                  content: { displayName: secret.displayName },
                  ...datesOf(secret),
                  next: remove(secret.keyId),
                }),
          ],
    ),
    ...missing.map(({ keyId, slot, endsAt }) =>
      found({
        rule: "secret-missing",
        side: "live",
        object: keyId,
        detail: `The secret of slot ${slot} is no longer on the application.`,
        endsAt,
        next: `${redeploy}   # issues a new value; then move the consumers`,
      }),
    ),
  ];
}
