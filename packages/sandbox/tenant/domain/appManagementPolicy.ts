import type { Directory } from "../state/directory";
import type {
  ActorExemptions,
  AssignedPolicy,
  PolicyRecord,
  PolicyRestriction,
  PolicyRestrictions,
} from "../state/records";
import { badRequest, invalidValue } from "./directoryRefusals";

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

/** What a credential is about to be added to, and by whom. */
export interface CredentialHolder {
  readonly kind: "application" | "servicePrincipal";
  readonly id: string;
  readonly createdDateTime: string;
  /** Object id of the caller. */
  readonly actorId: string;
}

/** A restriction with the policy that holds it. */
interface Restriction extends PolicyRestriction {
  readonly policyId: string;
}

/**
 * Checks a new credential against the policy that is assigned to its holder and the tenant's default. An assigned policy counts before
 * the default; what it does not speak of falls back to the default (Microsoft Graph reference, Create appManagementPolicy). Older pages
 * say that nothing falls back.
 *
 * @throws Refusal when credentials of this kind are forbidden, or this one lives too long
 */
export function checkPolicy(directory: Directory, holder: CredentialHolder, credential: NewCredential): void {
  const active = restrictionsOn(directory, holder, credential.kind).filter(
    (restriction) =>
      appliesTo(restriction, holder.createdDateTime) &&
      !isExempt(directory, holder.actorId, restriction.excludeActors),
  );
  const ban = active.find((restriction) => restriction.restrictionType === "passwordAddition");
  if (ban !== undefined) {
    throw badRequest(
      `Credential type not allowed as per assigned policy '${ban.policyId}'.`,
      "CredentialTypeNotAllowedAsPerAppPolicy",
    );
  }
  const lifetime = Date.parse(credential.endDateTime) - Date.parse(credential.startDateTime);
  const limit = active.find(
    ({ restrictionType, maxLifetime }) =>
      ["passwordLifetime", "asymmetricKeyLifetime"].includes(restrictionType) &&
      maxLifetime !== null &&
      lifetime > durationMilliseconds(maxLifetime),
  );
  if (limit !== undefined) {
    const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${limit.policyId}'.`;
    throw badRequest(message, "CredentialInvalidLifetimeAsPerAppPolicy", {
      code: "InvalidKeyEndDate",
      target: "EndDate",
    });
  }
}

/** The policy, among those of one kind, that is assigned to an object. */
export function assignedPolicy<P extends AssignedPolicy>(
  policies: readonly P[],
  objectId: string,
): P | undefined {
  return policies.find(({ objectIds = [] }) => objectIds.includes(objectId));
}

/** The restrictions of the assigned policy, and those of the default of which the assigned one does not speak. */
function restrictionsOn(
  directory: Directory,
  holder: CredentialHolder,
  kind: NewCredential["kind"],
): readonly Restriction[] {
  const read = (policyId: string, lists: PolicyRestrictions): readonly Restriction[] =>
    (kind === "password" ? lists.passwordCredentials : lists.keyCredentials).map((restriction) => ({
      ...restriction,
      policyId,
    }));
  const assigned = assignedPolicy(directory.appManagementPolicies.all(), holder.id);
  const own = assigned?.isEnabled === true ? read(assigned.id, assigned.restrictions) : [];
  const policy = directory.policies.get(defaultPolicyId);
  if (policy?.isEnabled !== true) return own;
  const spoken = new Set(own.map((restriction) => restriction.restrictionType));
  const general =
    holder.kind === "application" ? policy.applicationRestrictions : policy.servicePrincipalRestrictions;
  return [
    ...own,
    ...read(policy.id, general).filter((restriction) => !spoken.has(restriction.restrictionType)),
  ];
}

/** Whether a restriction is on for what was created then: on or after its date (passwordCredentialConfiguration). */
function appliesTo(restriction: PolicyRestriction, created: string): boolean {
  const from = restriction.restrictForAppsCreatedAfterDateTime;
  return restriction.state === "enabled" && (from === null || Date.parse(created) >= Date.parse(from));
}

/** Whether a caller has a value that a restriction exempts; the comparison is case-sensitive (customSecurityAttributeExemption). */
function isExempt(
  directory: Directory,
  actorId: string,
  exemptions: ActorExemptions | null | undefined,
): boolean {
  const attributes = Object.entries(
    directory.servicePrincipals.get(actorId)?.customSecurityAttributes ?? {},
  ).flatMap(([set, values]) =>
    Object.entries(values).map(([name, value]) => ({ id: `${set}_${name}`, value })),
  );
  return (exemptions?.customSecurityAttributes ?? []).some((exemption) =>
    attributes.some(({ id, value }) => id === exemption.id && value === exemption.value),
  );
}

/** Days, hours, minutes and seconds of an ISO 8601 duration, in milliseconds. */
export function durationMilliseconds(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (match === null || text.length < 3) {
    throw invalidValue("maxLifetime", "PasswordCredentialConfiguration");
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
