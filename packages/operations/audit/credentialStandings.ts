import { createHash, X509Certificate } from "node:crypto";
import { certificateEndDate, certificateKey, type ClientConfig } from "dicom-service-client/model";
import { isCertificate, liveCertificate } from "../cloud/certificateBytes";
import { federationText, type Federation } from "../project/configuredFederation";
import type { DeployedCertificate, DeployedClient } from "../project/deployedClient";
import { isSame, isSameInstant } from "./canonical";
import type { LiveClient, LiveCredentials } from "./liveClient";
import type { LiveFederatedCredential, LiveKeyEntry, LiveSecret } from "./liveObjects";
import { presentOf } from "../cloud/coverage";

/**
 * What a live credential is to the declaration. It is the declared one when its content is, not when its id is:
 * - `declared`: id and content are those of a declared one;
 * - `changed`: it bears the id of a declared one, with other content;
 * - `recreated`: the content is that of a declared one, whose own id is gone;
 * - `repeated`: a further entry of a declared certificate;
 * - `unproved`: it bears the id of a declared certificate, of which nobody can tell whether it has this key;
 * - `undeclared`: none of these.
 */
export type Standing = "declared" | "changed" | "recreated" | "repeated" | "unproved" | "undeclared";

/** A live credential, and the declared one that it is or claims to be. */
export interface StandingOf<Live, Declared> {
  readonly live: Live;
  readonly standing: Standing;
  readonly declared?: Declared;
  /** How the content differs from what is declared, or why that cannot be told. */
  readonly difference?: string;
}

/** A certificate with all ids under which it is listed. */
export interface LiveCertificate extends LiveKeyEntry {
  readonly keyIds: readonly string[];
}

export type SecretStanding = StandingOf<LiveSecret, DeployedClient["secrets"][number]>;
export type CertificateStanding = StandingOf<LiveCertificate, DeployedCertificate>;
export type FederatedStanding = StandingOf<
  LiveFederatedCredential,
  DeployedClient["federatedCredentials"][number]
>;

/** The secrets of the application. */
export function secretStandings(
  deployed: DeployedClient,
  live: Pick<LiveCredentials, "application">,
): readonly SecretStanding[] {
  const application = presentOf(live.application);
  if (application === undefined) return [];
  return application.passwordCredentials.map((secret) => {
    const declared = deployed.secrets.find(({ keyId }) => keyId === secret.keyId);
    if (declared === undefined) return { live: secret, standing: "undeclared" };
    const differences = [
      ...(declared.displayName === secret.displayName
        ? []
        : [
            `its name is ${JSON.stringify(secret.displayName)} instead of ${JSON.stringify(declared.displayName)}`,
          ]),
      ...dateDifference("starts", secret.startDateTime, declared.startsAt || secret.startDateTime),
      ...dateDifference("ends", secret.endDateTime, declared.endsAt),
    ];
    return standingOf(secret, declared, differences);
  });
}

/** The federated credentials of the application, or of the managed identity. */
export function federatedStandings(deployed: DeployedClient, live: LiveClient): readonly FederatedStanding[] {
  const credentials = live.federatedCredentials?.value;
  if (!credentials) return [];
  const missing = deployed.federatedCredentials.filter(({ id }) => !credentials.some((one) => one.id === id));
  return credentials.map((credential) => {
    const declared = deployed.federatedCredentials.find(({ id }) => id === credential.id);
    if (declared === undefined) {
      const same = missing.find((one) => isSame(trustOf(one), trustOf(credential)));
      return same
        ? { live: credential, standing: "recreated", declared: same }
        : { live: credential, standing: "undeclared" };
    }
    return isSame(trustOf(declared), trustOf(credential))
      ? { live: credential, standing: "declared", declared }
      : {
          live: credential,
          standing: "changed",
          declared,
          difference: `trusts ${trustText(credential)}, instead of ${trustText(declared)}`,
        };
  });
}

/** What a federated credential trusts: this decides who can sign in with it. */
export function trustOf(credential: Federation): object {
  const { name, issuer, subject, claimsMatchingExpression, audiences } = credential;
  return {
    name,
    issuer,
    ...(claimsMatchingExpression === "" ? { subject } : { claimsMatchingExpression }),
    audiences,
  };
}

/** The same for people. */
export function trustText(credential: Federation): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `${federationText(credential, quoted)}, audience ${credential.audiences.map(quoted).join(", ")}`;
}

/** The certificates of the application. */
export function certificateStandings(
  config: ClientConfig | undefined,
  deployed: DeployedClient,
  live: Pick<LiveCredentials, "application" | "keys">,
): readonly CertificateStanding[] {
  const application = presentOf(live.application);
  if (application === undefined) return [];
  const withKeys = live.keys?.value;
  const entries: readonly LiveKeyEntry[] = withKeys ?? application.keyCredentials;
  const known = deployed.certificates.map((declared) => {
    const key = declaredKey(config, declared);
    return { declared, key, isThere: entries.some(({ keyId }) => keyId === declared.keyId) };
  });
  const ofDeclaredIds = entries.flatMap((entry): readonly CertificateStanding[] => {
    const match = known.find(({ declared }) => declared.keyId === entry.keyId);
    if (match === undefined) return [];
    const { declared, key } = match;
    const certificate = { ...entry, keyIds: [entry.keyId] };
    const differences = [
      ...dateDifference("ends", entry.endDateTime, declared.endsAt),
      ...useDifference(entry),
      ...keyDifference(entry, declared, key),
    ];
    if (differences.length > 0) return [standingOf(certificate, declared, differences)];
    const doubt =
      withKeys === undefined
        ? undefined // That they could not be read is said elsewhere.
        : typeof entry.key !== "string"
          ? "the tenant does not show its key"
          : key === undefined
            ? "the configuration does not hold the certificate that was deployed"
            : undefined;
    return [
      doubt === undefined
        ? { live: certificate, standing: "declared", declared }
        : { live: certificate, standing: "unproved", declared, difference: doubt },
    ];
  });
  const others = onePerKey(
    entries.filter(({ keyId }) => !known.some(({ declared }) => declared.keyId === keyId)),
  );
  return [
    ...ofDeclaredIds,
    ...others.map((certificate): CertificateStanding => {
      const match = known.find(({ key }) => key !== undefined && isCertificate(certificate.key, key));
      if (match === undefined || useDifference(certificate).length > 0) {
        return { live: certificate, standing: "undeclared" };
      }
      const { declared, isThere } = match;
      const dates = dateDifference("ends", certificate.endDateTime, declared.endsAt);
      return dates.length > 0
        ? { live: certificate, standing: "repeated", declared, difference: dates.join(" and ") }
        : { live: certificate, standing: isThere ? "repeated" : "recreated", declared };
    }),
  ];
}

/** Whether a deployed certificate's name says more of it than its name in the configuration. */
function hasContentInName({ key, name }: DeployedCertificate): boolean {
  return key !== name;
}

/**
 * The certificate that was deployed, in PEM: the configuration's, as long as it is the one that the resource's name says, or where that
 * says nothing, ends on the deployed day; undefined when it cannot be known, because the state holds it encrypted.
 */
function declaredKey(config: ClientConfig | undefined, declared: DeployedCertificate): string | undefined {
  const configured = config?.certificates?.find(({ name }) => name === declared.name);
  if (configured === undefined) return declared.pem;
  const isDeployed = hasContentInName(declared)
    ? certificateKey(configured) === declared.key
    : isSameInstant(certificateEndDate(configured), declared.endsAt);
  return isDeployed ? configured.pem : declared.pem;
}

/** How a live key is another than the deployed one, which the state shows encrypted, and after a refresh as whatever was there. */
function keyDifference(
  { key: live, endDateTime }: LiveKeyEntry,
  declared: DeployedCertificate,
  pem: string | undefined,
): readonly string[] {
  if (typeof live !== "string") return [];
  if (pem !== undefined && !isCertificate(live, pem)) {
    const expected = new X509Certificate(pem).fingerprint.replaceAll(":", "");
    return [`its key has the thumbprint ${thumbprintOf(live)} instead of ${expected}`];
  }
  if (!hasContentInName(declared)) return [];
  const certificate = liveCertificate(live);
  const ends = Date.parse(endDateTime ?? "");
  const isNamed =
    certificate !== undefined &&
    !Number.isNaN(ends) &&
    declared.key ===
      certificateKey(
        { name: declared.name, pem: certificate.toString() },
        `${new Date(ends).toISOString().slice(0, 19)}Z`,
      );
  return isNamed
    ? []
    : [
        `its key, with the thumbprint ${thumbprintOf(live)}, until ${dayOf(endDateTime)} is not what was deployed as ${declared.resource}`,
      ];
}

function standingOf<Live, Declared>(
  live: Live,
  declared: Declared,
  differences: readonly string[],
): StandingOf<Live, Declared> {
  return differences.length === 0
    ? { live, standing: "declared", declared }
    : { live, standing: "changed", declared, difference: differences.join(" and ") };
}

function dateDifference(what: string, is: string | null, was: string | null): readonly string[] {
  return isSameInstant(is, was) ? [] : [`it ${what} on ${dayOf(is)} instead of ${dayOf(was)}`];
}

function dayOf(instant: string | null): string {
  return instant === null || instant === "" ? "no day" : instant;
}

/** Source: https://learn.microsoft.com/graph/api/resources/keycredential */
function useDifference({ usage, type }: LiveKeyEntry): readonly string[] {
  return [
    ...(usage === "Verify" ? [] : [`its usage is ${JSON.stringify(usage)} instead of "Verify"`]),
    ...(type === "AsymmetricX509Cert"
      ? []
      : [`its type is ${JSON.stringify(type)} instead of "AsymmetricX509Cert"`]),
  ];
}

/** One certificate may be listed several times; that it is the same one, its key says and nothing else: names can be chosen. */
function onePerKey(entries: readonly LiveKeyEntry[]): readonly LiveCertificate[] {
  const groups = new Map<string, LiveKeyEntry[]>();
  for (const entry of entries) {
    const { key, keyId, usage, type, endDateTime } = entry;
    const identity = typeof key === "string" ? [key, usage, type, endDateTime].join("\n") : keyId;
    groups.set(identity, [...(groups.get(identity) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = [...group].sort((one, other) => (one.keyId < other.keyId ? -1 : 1));
    return first ? [{ ...first, keyIds: group.map(({ keyId }) => keyId).sort() }] : [];
  });
}

/** SHA-1 of a certificate as it is in the tenant, in upper-case hex as the portal shows it; of bytes that are none, as they are. */
export function thumbprintOf(key: string): string {
  const bytes = liveCertificate(key)?.raw ?? Buffer.from(key, "base64");
  return createHash("sha1").update(bytes).digest("hex").toUpperCase();
}
