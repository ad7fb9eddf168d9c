import { endDateOf, formatCalendarDay, planSecrets } from "dicom-service-client/model";
import { quoted, type Comparison } from "./comparison";
import type { Finding } from "./finding";
import type { LiveKey, LiveSecret } from "./liveObjects";

const secondsPerDay = 86_400;

/** Secrets, certificates and federated credentials, on the application and on the service principal. */
export function compareCredentials(comparison: Comparison): Finding[] {
  return [
    ...rotation(comparison),
    ...applicationCredentials(comparison),
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
          detail: `On ${formatCalendarDay(asOf)} the schedule has the secret of slot ${current.slot}, from ${formatCalendarDay(current.startsOn)} on; it has not been issued.`,
          endsAt: endDateOf(current),
          next: redeploy,
        }),
      ];
}

function applicationCredentials(comparison: Comparison): Finding[] {
  const { deployed, live, found, redeploy } = comparison;
  const application = live.application?.value;
  if (application === undefined || application === "absent") return [];
  const secrets = application.passwordCredentials;
  const certificates = onePerCertificate(application.keyCredentials);
  const declaredSecrets = new Map(deployed.secrets.map((secret) => [secret.keyId, secret] as const));
  const declaredKeys = new Map(deployed.certificates.map((one) => [one.keyId, one] as const));
  const superseded = new Set(
    [...deployed.secrets]
      .filter(({ keyId }) => secrets.some((secret) => secret.keyId === keyId))
      .sort((one, other) => other.endsAt.localeCompare(one.endsAt))
      .slice(1)
      .map(({ keyId }) => keyId),
  );
  return [
    ...secrets.flatMap((secret) =>
      declaredSecrets.has(secret.keyId)
        ? lifeOf(comparison, "Secret", secret, superseded.has(secret.keyId))
        : [
            found({
              rule: "secret-undeclared",
              side: "live",
              object: secret.keyId,
              detail: `Secret ${quoted(secret.displayName)} on the application${lifeText(comparison, secret)}.`,
              ...datesOf(secret),
              next: `az ad app credential delete --id ${application.id} --key-id ${secret.keyId}`,
            }),
          ],
    ),
    ...deployed.secrets
      .filter(({ keyId }) => !secrets.some((secret) => secret.keyId === keyId))
      .map(({ keyId, slot, endsAt }) =>
        found({
          rule: "secret-missing",
          side: "live",
          object: keyId,
          detail: `The secret of slot ${slot} is not on the application any more.`,
          endsAt,
          next: `${redeploy}   # issues another value; then move the consumers`,
        }),
      ),
    ...certificates.flatMap((certificate) => {
      const isDeclared = certificate.keyIds.some((keyId) => declaredKeys.has(keyId));
      const further = application.keyCredentials.filter(
        ({ keyId, usage }) =>
          certificate.keyIds.includes(keyId) && !declaredKeys.has(keyId) && usage === "Verify",
      );
      return isDeclared
        ? [
            ...lifeOf(comparison, "Certificate", certificate, false),
            ...further.map((entry) =>
              found({
                rule: "certificate-twice",
                side: "live",
                object: entry.keyId,
                detail: `Certificate ${quoted(entry.displayName)} is on the application a second time${thumbprintText(entry)}.`,
                ...datesOf(entry),
                next: `az ad app credential delete --cert --id ${application.id} --key-id ${entry.keyId}`,
              }),
            ),
          ]
        : [
            found({
              rule: "certificate-undeclared",
              side: "live",
              object: certificate.keyId,
              detail: `Certificate ${quoted(certificate.displayName)} on the application${thumbprintText(certificate)}${lifeText(comparison, certificate)}.`,
              ...datesOf(certificate),
              next: `az ad app credential delete --cert --id ${application.id} --key-id ${certificate.keyId}`,
            }),
          ];
    }),
    ...deployed.certificates
      .filter(({ keyId }) => !certificates.some(({ keyIds }) => keyIds.includes(keyId)))
      .map(({ keyId, name, endsAt }) =>
        found({
          rule: "certificate-missing",
          side: "live",
          object: keyId,
          detail: `The certificate ${quoted(name)} is not on the application any more.`,
          endsAt,
          next: redeploy,
        }),
      ),
  ];
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
        detail: `Secret ${quoted(secret.displayName)}${lifeText(comparison, secret)}.`,
        ...datesOf(secret),
        next: `az ad sp credential delete --id ${principal.id} --key-id ${secret.keyId}`,
      }),
    ),
    ...onePerCertificate(principal.keyCredentials).map((certificate) =>
      found({
        rule: "principal-certificate",
        side: "live",
        object: certificate.keyId,
        detail: `Certificate ${quoted(certificate.displayName)}${thumbprintText(certificate)}${lifeText(comparison, certificate)}.`,
        ...datesOf(certificate),
        next: `az ad sp credential delete --cert --id ${principal.id} --key-id ${certificate.keyId}`,
      }),
    ),
  ];
}

function federatedCredentials({ deployed, live, found, redeploy }: Comparison): Finding[] {
  const credentials = live.federatedCredentials?.value;
  if (!credentials || live.application?.value === "absent") return [];
  const declared = new Map(deployed.federatedCredentials.map((one) => [one.id, one] as const));
  const trust = (one: { issuer: string; subject: string; audiences: readonly string[] }): string =>
    `issuer ${quoted(one.issuer)}, subject ${quoted(one.subject)}, audience ${one.audiences.map(quoted).join(", ")}`;
  return [
    ...credentials.flatMap((credential) => {
      const wanted = declared.get(credential.id);
      if (!wanted) {
        return [
          found({
            rule: "federated-credential-undeclared",
            side: "live",
            object: credential.id,
            detail: `Federated credential ${quoted(credential.name)}: ${trust(credential)}.`,
            next: `az ad app federated-credential delete --id ${deployed.objectId ?? ""} --federated-credential-id ${credential.id}`,
          }),
        ];
      }
      return trust(wanted) === trust(credential)
        ? []
        : [
            found({
              rule: "federated-credential-changed",
              side: "live",
              object: credential.id,
              detail: `Federated credential ${quoted(credential.name)} trusts ${trust(credential)}, instead of ${trust(wanted)}.`,
              next: redeploy,
            }),
          ];
    }),
    ...deployed.federatedCredentials
      .filter(({ id }) => !credentials.some((credential) => credential.id === id))
      .map(({ id, name }) =>
        found({
          rule: "federated-credential-missing",
          side: "live",
          object: id,
          detail: `The federated credential ${quoted(name)} is not on the application any more.`,
          next: redeploy,
        }),
      ),
  ];
}

/** A certificate with all ids under which it is listed. */
interface LiveCertificate extends LiveKey {
  readonly keyIds: readonly string[];
}

/** One certificate is listed several times, to sign and to verify; the thumbprint says that it is the same. */
export function onePerCertificate(keys: readonly LiveKey[]): readonly LiveCertificate[] {
  const groups = new Map<string, LiveKey[]>();
  for (const key of keys) {
    const identity = key.customKeyIdentifier === "" ? key.keyId : key.customKeyIdentifier;
    groups.set(identity, [...(groups.get(identity) ?? []), key]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = [...group].sort((one, other) => one.keyId.localeCompare(other.keyId));
    return first ? [{ ...first, keyIds: group.map(({ keyId }) => keyId) }] : [];
  });
}

/** What is wrong with the life of a declared credential. */
function lifeOf(
  comparison: Comparison,
  kind: string,
  credential: LiveSecret,
  isSuperseded: boolean,
): Finding[] {
  const { limits, found, redeploy } = comparison;
  const { keyId, displayName, startDateTime, endDateTime } = credential;
  const left = daysLeft(comparison, endDateTime);
  const facts = { side: "live" as const, object: keyId, ...datesOf(credential), next: redeploy };
  const name = `${kind} ${quoted(displayName)}`;
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

function thumbprintText({ customKeyIdentifier }: LiveKey): string {
  return customKeyIdentifier === "" ? "" : `, thumbprint ${customKeyIdentifier}`;
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
