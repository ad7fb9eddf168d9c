import {
  certificateEndDate,
  type ClientConfig,
  defaultConsent,
  defaultFederatedAudience,
  formatPath,
} from "dicom-service-client/model";
import { configuredAccess } from "../project/configuredAccess";
import type { DeployedClient } from "../project/deployedClient";
import type { Comparison } from "./comparison";
import type { Finding } from "./finding";

/** What is written but not deployed. Secrets are left to the schedule. */
export function compareConfig({ client, deployed, found, redeploy }: Comparison): Finding[] {
  const { config, name } = client;
  if (!config) {
    return [
      found({
        rule: "client-not-declared",
        side: "config",
        object: deployed.urn,
        detail: "The configuration does not declare it any more.",
        next: redeploy,
      }),
    ];
  }
  return pendingChanges(config, deployed).map(([key, detail]) =>
    found({
      rule: "change-pending",
      side: "config",
      object: formatPath(["clients", name, key]),
      detail,
      next: redeploy,
    }),
  );
}

function pendingChanges(config: ClientConfig, deployed: DeployedClient): [key: string, detail: string][] {
  const { application } = deployed;
  const texts = (["displayName", "description", "serviceManagementReference"] as const).flatMap(
    (key): [string, string][] =>
      application === undefined || (config[key] ?? "") === application[key]
        ? []
        : [
            [
              key,
              `${key} is to be ${JSON.stringify(config[key] ?? "")} instead of ${JSON.stringify(application[key])}.`,
            ],
          ],
  );
  const sets: readonly [key: string, declared: readonly string[], there: readonly string[]][] = [
    [
      "access",
      configuredAccess(config).map(({ scope, roleId }) => `${scope.id} ${roleId}`.toLowerCase()),
      deployed.azureRoles.map(({ scope, roleId }) => `${scope} ${roleId}`.toLowerCase()),
    ],
    [
      "certificates",
      (config.certificates ?? []).map(
        ({ name, pem, expiresOn }) =>
          `${name} until ${certificateEndDate({ name, pem, ...(expiresOn === undefined ? {} : { expiresOn }) })}`,
      ),
      deployed.certificates.map(({ name, endsAt }) => `${name} until ${endsAt}`),
    ],
    [
      "federatedCredentials",
      (config.federatedCredentials ?? []).map(
        ({ name, issuer, subject, audience = defaultFederatedAudience }) =>
          `${name} ${issuer} ${subject} ${audience}`,
      ),
      deployed.federatedCredentials.map(
        ({ name, issuer, subject, audiences }) => `${name} ${issuer} ${subject} ${audiences.join(" ")}`,
      ),
    ],
  ];
  const isManaged = (config.consent ?? defaultConsent) === "managed";
  return [
    ...texts,
    ...owners(config, deployed),
    ...sets.flatMap(([key, declared, there]): [string, string][] => {
      const added = declared.filter((one) => !there.includes(one));
      const removed = there.filter((one) => !declared.includes(one));
      return added.length + removed.length === 0
        ? []
        : [
            [
              key,
              [
                ...added.map((one) => `To be added: ${one}.`),
                ...removed.map((one) => `To be removed: ${one}.`),
              ].join(" "),
            ],
          ];
    }),
    ...(isManaged === deployed.consents.length > 0
      ? []
      : [["consent", `The consent is to be ${isManaged ? "managed" : "left out"}.`] as [string, string]]),
  ];
}

/** The deploying identity is always an owner, whom the configuration does not name. */
function owners(config: ClientConfig, { application }: DeployedClient): [string, string][] {
  if (!application) return [];
  const missing = (config.owners ?? [])
    .map((owner) => owner.toLowerCase())
    .filter((owner) => !application.owners.includes(owner));
  const others = application.owners.length - ((config.owners ?? []).length - missing.length);
  return missing.length === 0 && others <= 1
    ? []
    : [["owners", missing.length > 0 ? `To be added: ${missing.join(", ")}.` : "An owner is to be removed."]];
}
