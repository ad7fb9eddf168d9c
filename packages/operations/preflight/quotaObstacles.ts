import { outsideFacts } from "dicom-service-client/model";
import { z } from "zod";
import { calls } from "../cloud/calls";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";

const organization = z.object({
  directorySizeQuota: z.object({ used: z.number(), total: z.number() }).nullish(),
});
const identified = z.object({ id: z.string() });

const objectsOfAnIdentity = outsideFacts.objectsOfAnIdentity.value;

/** Permissions and roles that the limit of an identity does not hold for are not told apart here: it is looked at when it is near. */
export async function quotaObstacles(
  { reader, identity }: PreflightParts,
  changing: readonly PlannedClient[],
  isPrincipal: boolean,
): Promise<Found> {
  const made = changing.flatMap(({ requests }) =>
    requests.filter(({ type, verb }) => verb === "create" && /:(Application|ServicePrincipal)$/.test(type)),
  ).length;
  if (made === 0) return {};
  const [tenants, own] = await Promise.all([
    reader.all(calls.organization, organization, null),
    isPrincipal
      ? reader.all(calls.createdObjects, identified, null, { servicePrincipalId: identity })
      : undefined,
  ]);
  const quota = tenants?.value[0]?.directorySizeQuota;
  const created = own?.value.length ?? 0;
  return {
    obstacles: [
      ...(quota && quota.used + made > quota.total
        ? [
            {
              kind: "directory-full" as const,
              client: null,
              path: "directory",
              detail: `the directory holds ${quota.used} of at most ${quota.total} objects, and ${made} would be created.`,
              cure: [
                "Permanently delete what nobody needs, verify a domain, or have Microsoft support raise the limit:",
                "  https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions",
              ],
            },
          ]
        : []),
      ...(created + made > objectsOfAnIdentity
        ? [
            {
              kind: "quota-used-up" as const,
              client: null,
              path: "identity",
              detail: `the identity has created ${created} objects; with ${made} more it would exceed the ${objectsOfAnIdentity} that it can create without an administrator role.`,
              cure: [
                "Deploy this stack with an identity of its own, or permanently delete what nobody needs; deleted objects count for 30 days:",
                "  https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions",
              ],
            },
          ]
        : []),
    ],
    ...(tenants && !quota
      ? {
          unread: [
            {
              what: "The organization does not show how many objects the directory may hold.",
              cure: "Check the tenant's overview in the Microsoft Entra admin center.",
            },
          ],
        }
      : {}),
    notes:
      own && created + made <= objectsOfAnIdentity && created + made > objectsOfAnIdentity - nearTheLimit
        ? [
            `The identity has created ${created} of the ${objectsOfAnIdentity} objects that it can create; what it deleted within 30 days counts as well and cannot be read.`,
          ]
        : [],
  };
}

/** So many objects before the limit it is told that deleted ones are not seen. */
const nearTheLimit = 50;
