import { endDateOf, formatCalendarDay, planSecrets } from "dicom-service-client/model";
import { type Comparison, nameOrId, quoted } from "./comparison";
import {
  certificateStandings,
  federatedStandings,
  type LiveCertificate,
  secretStandings,
  thumbprintOf,
  trustOf,
  trustText,
} from "./credentialStandings";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { oldCredentials } from "../retire/oldCredential";
import { defaultUnusedDays } from "../retire/unused";
import { lastUseOf } from "../retire/useReport";
import type { Finding } from "./finding";
import type { LiveKeyEntry, LiveSecret } from "./liveObjects";

const secondsPerDay = 86_400;

/** Secrets, certificates and federated credentials, on the application and on the service principal. */
export function compareCredentials(comparison: Comparison): Finding[] {
  return [
    ...rotation(comparison),
    ...consumersThatHaveNotMoved(comparison),
    ...secrets(comparison),
    ...certificates(comparison),
    ...principalCredentials(comparison),
    ...federatedCredentials(comparison),
  ];
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

/** Somebody uses the previous secret although the overlap ends soon. */
function consumersThatHaveNotMoved(comparison: Comparison): Finding[] {
  const { client, deployed, live, use, declaration, limits, found } = comparison;
  if (use === undefined) return [];
  return oldCredentials(client, live, use, declaration, defaultUnusedDays)
    .filter(({ standing, use: verdict }) => standing === "previous" && verdict === "used")
    .flatMap(({ keyId, name, startsAt, endsAt, lastUsedAt }) => {
      const left = daysLeft(comparison, endsAt);
      if (left === undefined || left < 0 || left > limits.warnDays) return [];
      return [
        found({
          rule: "consumer-not-moved",
          side: "live",
          object: keyId,
          // The days of its use are no part of it.
          content: { keyId },
          detail: `The secret of ${name} of ${deployed.name} was last used on ${day(lastUsedAt)}, and ends on ${day(endsAt)}, in ${left} ${left === 1 ? "day" : "days"}.`,
          startsAt,
          endsAt,
          next: `npx dicom-ops handover ${client.name} --stack ${declaration.stack}   # shows what its consumers are to read`,
        }),
      ];
    });
}

function secrets(comparison: Comparison): Finding[] {
  const { deployed, live, found, redeploy } = comparison;
  const application = live.application?.value;
  if (application === undefined || application === "absent") return [];
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
                  detail: `${named("Secret", secret)} on the application${lifeText(comparison, secret)}${useText(comparison, secret)}.`,
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

function certificates(comparison: Comparison): Finding[] {
  const { client, deployed, live, found, redeploy, recreated } = comparison;
  const application = live.application?.value;
  if (application === undefined || application === "absent") return [];
  const standings = certificateStandings(client.config, deployed, live);
  return [
    ...standings.flatMap(({ live: certificate, standing, declared, difference = "" }): Finding[] => {
      const remove = inspectBeforeDelete(
        `az ad app credential list --cert --id ${application.id}`,
        certificate.keyIds
          .map((keyId) => `az ad app credential delete --cert --id ${application.id} --key-id ${keyId}`)
          .join(" && "),
      );
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
          return [recreated(certificate.keyId, `${name}${thumbprintText(certificate)}`)];
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
function contentOf({ key, customKeyIdentifier, usage, type }: LiveKeyEntry): object {
  return { key: typeof key === "string" ? thumbprintOf(key) : customKeyIdentifier, usage, type };
}

/** A credential by its name; without one, by its id, which nobody can leave out. */
function named(kind: string, { displayName, keyId }: LiveSecret): string {
  return displayName === "" ? `${kind} ${keyId}, which has no name,` : `${kind} ${quoted(displayName)}`;
}

function idsText({ keyIds }: LiveCertificate): string {
  return keyIds.length === 1 ? "" : `, listed as ${keyIds.join(" and ")}`;
}

function principalCredentials(comparison: Comparison): Finding[] {
  const { live, found } = comparison;
  const principal = live.servicePrincipal?.value;
  if (principal === undefined || principal === "absent") return [];
  return [
    ...principal.passwordCredentials.map((secret) =>
      found({
        rule: "principal-secret",
        side: "live",
        object: secret.keyId,
        detail: `${named("Secret", secret)}${lifeText(comparison, secret)}${useText(comparison, secret)}.`,
        content: { displayName: secret.displayName },
        ...datesOf(secret),
        next: inspectBeforeDelete(
          `az ad sp credential list --id ${principal.id}`,
          `az ad sp credential delete --id ${principal.id} --key-id ${secret.keyId}`,
        ),
      }),
    ),
    ...principal.keyCredentials.map((certificate) =>
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

function federatedCredentials(comparison: Comparison): Finding[] {
  const { deployed, live, found, redeploy, recreated } = comparison;
  const standings = federatedStandings(deployed, live);
  if (live.federatedCredentials === undefined || live.application?.value === "absent") return [];
  const there = live.federatedCredentials.value;
  return [
    ...standings.flatMap(({ live: credential, standing, difference = "" }): Finding[] => {
      const facts = { side: "live" as const, object: credential.id, content: trustOf(credential) };
      const name = `Federated credential ${nameOrId(credential.name, credential.id)}`;
      switch (standing) {
        case "declared":
          return [];
        case "recreated":
          return [recreated(credential.id, name)];
        case "changed":
          return [
            found({
              ...facts,
              rule: "federated-credential-changed",
              detail: `${name} ${difference}.`,
              next: redeploy,
            }),
          ];
        default:
          return [
            found({
              ...facts,
              rule: "federated-credential-undeclared",
              detail: `${name}: ${trustText(credential)}.`,
              next: inspectBeforeDelete(
                `az ad app federated-credential show --id ${live.ids.objectId ?? ""} --federated-credential-id ${credential.id}`,
                `az ad app federated-credential delete --id ${live.ids.objectId ?? ""} --federated-credential-id ${credential.id}`,
                "nobody signs in by it",
              ),
            }),
          ];
      }
    }),
    ...deployed.federatedCredentials
      .filter(({ id }) => !there.some((credential) => credential.id === id))
      .filter(
        (one) => !standings.some(({ standing, declared }) => standing === "recreated" && declared === one),
      )
      .map(({ id, name }) =>
        found({
          rule: "federated-credential-missing",
          side: "live",
          object: id,
          detail: `The federated credential ${quoted(name)} is no longer on the application.`,
          next: redeploy,
        }),
      ),
  ];
}

/** What is wrong with the life of a declared credential. */
function lifeOf(
  comparison: Comparison,
  kind: string,
  credential: LiveSecret,
  isSuperseded: boolean,
): Finding[] {
  const { limits, found, redeploy } = comparison;
  const { keyId, startDateTime, endDateTime } = credential;
  const left = daysLeft(comparison, endDateTime);
  const dates = datesOf(credential);
  const facts = { side: "live" as const, object: keyId, content: dates, ...dates, next: redeploy };
  const name = named(kind, credential);
  const life =
    startDateTime === null || endDateTime === null
      ? undefined
      : Math.floor((Date.parse(endDateTime) - Date.parse(startDateTime)) / 1000 / secondsPerDay);
  return [
    ...(left !== undefined && left < 0
      ? [found({ ...facts, rule: "credential-expired", detail: `${name} ended on ${day(endDateTime)}.` })]
      : left !== undefined && left <= limits.warnDays && !isSuperseded
        ? [
            found({
              ...facts,
              rule: "credential-expiring",
              detail: `${name} ends on ${day(endDateTime)}, in ${left} ${left === 1 ? "day" : "days"}, and has no successor.`,
            }),
          ]
        : []),
    ...(endDateTime === null || (life !== undefined && life > limits.maximumLifeDays)
      ? [
          found({
            ...facts,
            rule: "credential-long-lived",
            detail: `${name} lives ${life === undefined ? "for ever" : `${life} days`}; at most ${limits.maximumLifeDays} are allowed.`,
          }),
        ]
      : []),
  ];
}

/** Whole days until an instant; -1 once it has passed, undefined when there is none. */
function daysLeft({ asOf }: Comparison, endsAt: string | null): number | undefined {
  if (endsAt === null) return undefined;
  const end = Date.parse(endsAt) / 1000 / secondsPerDay;
  return end <= asOf ? -1 : Math.floor(end - asOf);
}

function lifeText(comparison: Comparison, { startDateTime, endDateTime }: LiveSecret): string {
  const left = daysLeft(comparison, endDateTime);
  const end =
    endDateTime === null
      ? "without an end"
      : left !== undefined && left < 0
        ? `ended on ${day(endDateTime)}`
        : `until ${day(endDateTime)}`;
  return `, from ${day(startDateTime)} ${end}`;
}

/** When a credential was last used; "" when no use is known. */
function useText({ use }: Comparison, { keyId }: LiveSecret): string {
  const last = lastUseOf(use, keyId);
  return last === null ? "" : `, last used on ${day(last)}`;
}

/** The thumbprint of the key itself; where that was not read, the identifier, which whoever adds a certificate may choose. */
function thumbprintText({ key, customKeyIdentifier }: LiveKeyEntry): string {
  if (typeof key === "string") return `, thumbprint ${thumbprintOf(key)}`;
  return customKeyIdentifier === "" ? "" : `, with the stated thumbprint ${customKeyIdentifier}`;
}

function datesOf({ startDateTime, endDateTime }: LiveSecret): {
  startsAt: string | null;
  endsAt: string | null;
} {
  return { startsAt: startDateTime, endsAt: endDateTime };
}

function day(instant: string | null): string {
  return instant === null ? "an unknown day" : instant.slice(0, 10);
}
