import { z } from "zod";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import { CoverageLog, type Gap } from "../cloud/coverage";
import { LiveReader } from "../cloud/liveReader";
import { liveSubscription } from "../audit/liveObjects";

/** What a tenant says about new clients. */
export interface TenantFacts {
  /** Resource ids of the DICOM services that whoever is signed in may see, sorted. */
  readonly dicomServices: readonly string[];
  readonly secrets: SecretRules;
  /** What could not be read. */
  readonly gaps: readonly Gap[];
}

/** What the tenant's default app management policy says about secrets. */
export interface SecretRules {
  /** Whether new ones are forbidden. */
  readonly areForbidden: boolean;
  /** Days that one may live; absent without a limit, or when the limit is not given in days. */
  readonly maximumDays?: number;
}

const resource = z.object({ id: z.string() });
const policy = z.object({
  isEnabled: z.boolean(),
  applicationRestrictions: z
    .object({
      passwordCredentials: z
        .array(
          z.object({
            restrictionType: z.string(),
            state: z.string().nullish(),
            maxLifetime: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/**
 * Reads which DICOM services there are, and what is forbidden of secrets. What may not be read is among the gaps.
 *
 * @throws OperationError when nobody can be signed in
 */
export async function readTenantFacts(cloud: CloudClient): Promise<TenantFacts> {
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const [subscriptions, read] = await Promise.all([
    reader.all(calls.subscriptions, liveSubscription, null),
    reader.one(calls.defaultAppManagementPolicy, policy, null, {}),
  ]);
  const listings = await Promise.all(
    (subscriptions?.value ?? []).map(({ subscriptionId }) =>
      reader.all(calls.dicomServicesOfSubscription, resource, null, { subscriptionId }),
    ),
  );
  return {
    dicomServices: listings.flatMap((listing) => (listing?.value ?? []).map(({ id }) => id)).sort(),
    secrets: read === undefined ? { areForbidden: false } : secretRules(read.value),
    gaps: coverage.result().gaps,
  };
}

function secretRules({ isEnabled, applicationRestrictions }: z.infer<typeof policy>): SecretRules {
  const restrictions = (isEnabled ? applicationRestrictions?.passwordCredentials : undefined) ?? [];
  const inForce = restrictions.filter(({ state }) => state !== "disabled");
  const [days] = inForce
    .filter(({ restrictionType }) => restrictionType === "passwordLifetime")
    .flatMap(({ maxLifetime }) => /^P(\d+)D$/.exec(maxLifetime ?? "")?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
  return {
    areForbidden: inForce.some(({ restrictionType }) => restrictionType === "passwordAddition"),
    ...(days === undefined ? {} : { maximumDays: days }),
  };
}
