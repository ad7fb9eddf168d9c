import type { Directory } from "../state/directory";
import type { PolicyRecord, PolicyRestriction, PolicyRestrictions } from "../state/records";
import { badRequest } from "./directoryRefusals";

/** The id of every tenant's default policy. */
export const defaultPolicyId = "00000000-0000-0000-0000-000000000000";

/** The policy with which every tenant starts: present, switched off, without restrictions. */
export const defaultPolicy: PolicyRecord = {
  id: defaultPolicyId,
  displayName: "Default app management tenant policy",
  description:
    "Default tenant policy that enforces app management restrictions on applications and service principals.",
  isEnabled: false,
  applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
  servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
};

/** A credential that is about to be added. */
export interface NewCredential {
  readonly kind: "password" | "key";
  readonly startDateTime: string;
  readonly endDateTime: string;
}

/**
 * Checks a new credential against the tenant's policy.
 * @param created when the application or service principal was made
 * @throws Refusal when credentials of this kind are forbidden, or this one lives too long
 */
export function checkPolicy(
  directory: Directory,
  target: "application" | "servicePrincipal",
  created: string,
  credential: NewCredential,
): void {
  const policy = directory.policies.get(defaultPolicyId);
  if (policy?.isEnabled !== true) return;
  const restrictions: PolicyRestrictions =
    target === "application" ? policy.applicationRestrictions : policy.servicePrincipalRestrictions;
  const active = (
    credential.kind === "password" ? restrictions.passwordCredentials : restrictions.keyCredentials
  ).filter((restriction) => applies(restriction, created));
  if (active.some((restriction) => restriction.restrictionType === "passwordAddition")) {
    throw badRequest(
      `Credential type not allowed as per assigned policy '${policy.id}'.`,
      "CredentialTypeNotAllowedAsPerAppPolicy",
    );
  }
  const lifetimes = active.flatMap(({ restrictionType, maxLifetime }) =>
    ["passwordLifetime", "asymmetricKeyLifetime"].includes(restrictionType) && maxLifetime !== null
      ? maxLifetime
      : [],
  );
  const lifetime = Date.parse(credential.endDateTime) - Date.parse(credential.startDateTime);
  if (lifetimes.some((longest) => lifetime > durationMilliseconds(longest))) {
    const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${policy.id}'.`;
    throw badRequest(message, "CredentialInvalidLifetimeAsPerAppPolicy", [
      { code: "InvalidKeyEndDate", message, target: "EndDate" },
    ]);
  }
}

/** Days, hours, minutes and seconds of an ISO 8601 duration, in milliseconds. */
export function durationMilliseconds(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (match === null || text.length < 3) {
    throw badRequest(
      `Invalid value specified for property 'maxLifetime' of resource 'PasswordCredentialConfiguration'.`,
    );
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function applies(restriction: PolicyRestriction, created: string): boolean {
  const from = restriction.restrictForAppsCreatedAfterDateTime;
  return restriction.state === "enabled" && (from === null || Date.parse(created) > Date.parse(from));
}
