import { z } from "zod";

const exemption = z.object({ id: z.string(), value: z.string().nullish() });
const restriction = z.object({
  restrictionType: z.string().nullish(),
  maxLifetime: z.string().nullish(),
  restrictForAppsCreatedAfterDateTime: z.string().nullish(),
  state: z.string().nullish(),
  excludeActors: z.object({ customSecurityAttributes: z.array(exemption).default([]) }).nullish(),
});
const restrictions = z
  .object({
    passwordCredentials: z.array(restriction).nullish(),
    keyCredentials: z.array(restriction).nullish(),
  })
  .nullish();

/** The tenant's default policy, as far as it is about applications. */
export const liveDefaultPolicy = z.object({
  id: z.string(),
  isEnabled: z.boolean(),
  applicationRestrictions: restrictions,
});

/** A policy that is assigned to an application. */
export const liveAssignedPolicy = z.object({
  id: z.string(),
  displayName: z
    .string()
    .nullish()
    .transform((value) => value ?? ""),
  isEnabled: z.boolean(),
  restrictions,
});

type Restriction = z.infer<typeof restriction>;
type Restrictions = z.infer<typeof restrictions>;

/** The policies that decide about one application. */
export interface DecidingPolicies {
  readonly general: z.infer<typeof liveDefaultPolicy>;
  readonly assigned: z.infer<typeof liveAssignedPolicy> | undefined;
}

/** A restriction that is on for an application. */
export interface ActiveRestriction {
  readonly type: string;
  readonly maxLifetime: string | undefined;
  readonly policyId: string;
  /** Whether the policy is the application's own, not the tenant's default. */
  readonly isOwn: boolean;
  /** Custom security attributes of which one exempts a caller, as `Set_Attribute` with a value. */
  readonly exempting: readonly { readonly id: string; readonly value: string }[];
}

/**
 * The restrictions on secrets or certificates that are on for an application. A policy of the application's own counts before the
 * tenant's default, which stays for what the first does not speak of. Source:
 * https://learn.microsoft.com/graph/api/appmanagementpolicy-post; older pages say that nothing of the default stays.
 *
 * @param createdAt when the application was made; one that is to be made is made now
 */
export function activeRestrictions(
  { general, assigned }: DecidingPolicies,
  kind: "secret" | "certificate",
  createdAt: Date,
): readonly ActiveRestriction[] {
  const of = (lists: Restrictions): readonly Restriction[] =>
    (kind === "secret" ? lists?.passwordCredentials : lists?.keyCredentials) ?? [];
  const own = assigned?.isEnabled === true ? of(assigned.restrictions) : [];
  const spoken = new Set(own.map(({ restrictionType }) => restrictionType));
  const rest = general.isEnabled
    ? of(general.applicationRestrictions).filter(({ restrictionType }) => !spoken.has(restrictionType))
    : [];
  const active = (one: Restriction): boolean =>
    one.state !== "disabled" && createdAt >= new Date(one.restrictForAppsCreatedAfterDateTime ?? 0);
  const read = (one: Restriction, policyId: string, isOwn: boolean): ActiveRestriction => ({
    type: one.restrictionType ?? "",
    maxLifetime: one.maxLifetime ?? undefined,
    policyId,
    isOwn,
    exempting: (one.excludeActors?.customSecurityAttributes ?? []).map(({ id, value }) => ({
      id,
      value: value ?? "",
    })),
  });
  return [
    ...own.filter(active).map((one) => read(one, assigned?.id ?? "", true)),
    ...rest.filter(active).map((one) => read(one, general.id, false)),
  ];
}

/** How a restriction meets a credential. */
export type Judgement = "allowed" | "forbidden" | "too-long" | "unknown";

/** Restrictions that are about other credentials than this stack's: keys that are symmetric, and secrets whose value a client chooses. */
const elsewhere = ["symmetricKeyAddition", "symmetricKeyLifetime", "customPasswordAddition"];

/**
 * Judges a credential by a restriction.
 *
 * @param lifetime its life in milliseconds
 * @returns unknown for a kind of restriction, or a lifetime, that this version does not know
 */
export function judge({ type, maxLifetime }: ActiveRestriction, lifetime: number): Judgement {
  if (elsewhere.includes(type)) return "allowed";
  if (type === "passwordAddition") return "forbidden";
  if (type !== "passwordLifetime" && type !== "asymmetricKeyLifetime") return "unknown";
  const longest = maxLifetime === undefined ? undefined : durationMilliseconds(maxLifetime);
  if (longest === undefined) return "unknown";
  return lifetime > longest ? "too-long" : "allowed";
}

/** Milliseconds of an `Edm.Duration`, such as `P180D` or `P4DT12H30M5S`; undefined of another text. */
function durationMilliseconds(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (match === null || text.length < 3) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
