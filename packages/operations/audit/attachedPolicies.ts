import { z } from "zod";
import { type CloudCall } from "../cloud/call";
import { calls, policyKinds, type PolicyKind } from "../cloud/calls";
import type { Reading } from "../cloud/coverage";
import type { LiveReader } from "../cloud/liveReader";

/** A policy that is attached to applications or service principals. */
export interface AttachedPolicy {
  readonly kind: PolicyKind;
  readonly id: string;
  readonly displayName: string;
  /** What it says: all of its properties but its names. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Ids of the objects that it is attached to, in lower case. */
  readonly objectIds: readonly string[];
}

const policy = z.looseObject({
  id: z.string(),
  displayName: z
    .string()
    .nullish()
    .transform((name) => name ?? ""),
});
const target = z.object({ id: z.string() });

const targetsOf: Readonly<Record<PolicyKind, CloudCall>> = {
  appManagementPolicies: calls.appManagementPolicyTargets,
  claimsMappingPolicies: calls.claimsMappingPolicyTargets,
  homeRealmDiscoveryPolicies: calls.homeRealmDiscoveryPolicyTargets,
  tokenIssuancePolicies: calls.tokenIssuancePolicyTargets,
  tokenLifetimePolicies: calls.tokenLifetimePolicyTargets,
};

/** Reads every policy of the tenant that is attached to anything: a tenant has few, however many applications it has. */
export async function readAttachedPolicies(reader: LiveReader): Promise<Reading<readonly AttachedPolicy[]>> {
  const read = await Promise.all(policyKinds.map((kind) => readKind(reader, kind)));
  return read.includes(undefined) ? undefined : { value: read.flatMap((one) => one?.value ?? []) };
}

async function readKind(reader: LiveReader, kind: PolicyKind): Promise<Reading<readonly AttachedPolicy[]>> {
  const policies = await reader.all(calls[kind], policy, null);
  if (!policies) return undefined;
  const read = await Promise.all(
    policies.value.map(async ({ id, displayName, ...others }) => {
      const attached = await reader.all(targetsOf[kind], target, null, { policyId: id });
      const content = Object.fromEntries(
        Object.entries(others).filter(([name]) => name !== "description" && !name.startsWith("@")),
      );
      return (
        attached && {
          kind,
          id,
          displayName,
          content,
          objectIds: attached.value.map((object) => object.id.toLowerCase()),
        }
      );
    }),
  );
  return read.includes(undefined) ? undefined : { value: read.flatMap((one) => one ?? []) };
}
