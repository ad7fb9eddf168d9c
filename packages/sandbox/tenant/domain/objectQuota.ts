import { Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";
import { tenantSettings } from "./tenantSettings";

/** How much of the directory's quota is used, in objects. */
export interface DirectoryQuota {
  readonly used: number;
  readonly total: number;
}

/** What the organization shows as `directorySizeQuota`. Deleted objects count until they are gone for good. */
export function directoryQuota(directory: Directory): DirectoryQuota {
  const tables = [
    directory.users,
    directory.applications,
    directory.servicePrincipals,
    directory.deletedItems,
  ];
  return {
    used: tables.reduce((sum, table) => sum + table.all().length, 0),
    total: tenantSettings(directory).directoryQuota,
  };
}

/**
 * Checks that a caller may create another object, by the directory's quota and its own. Deleted objects count until they are gone for
 * good (learn.microsoft.com, Entra service limits: 250 objects for those without an administrator role).
 * @param creator object id of the caller; null when no quota of its own applies to it
 */
export function checkObjectQuota(directory: Directory, creator: string | null): void {
  const { used, total } = directoryQuota(directory);
  if (used >= total) throw exceeded("Tenant", `the directory holds ${String(used)} objects`);
  if (creator === null) return;
  const made = [
    ...directory.applications.all(),
    ...directory.servicePrincipals.all(),
    ...directory.deletedItems.all().flatMap((item) => item.application ?? item.servicePrincipal ?? []),
  ].filter((object) => object.createdBy === creator).length;
  if (made >= tenantSettings(directory).objectQuota)
    throw exceeded("Principal", `${creator} has made ${String(made)} objects`);
}

function exceeded(whose: "Principal" | "Tenant", why: string): Refusal {
  return new Refusal({
    kind: "forbidden",
    code: "Directory_QuotaExceeded",
    message:
      `The directory object quota limit for the ${whose} has been exceeded. Please ask your administrator to increase the quota ` +
      "limit or delete objects to reduce the used quota.",
    why,
  });
}
