import { Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";

/**
 * Checks that a caller may create another object. Deleted objects count until they are gone for good (learn.microsoft.com, Entra
 * service limits: 250 objects for those without an administrator role).
 * @param creator object id of the caller; null when no quota applies to it
 */
export function checkObjectQuota(directory: Directory, creator: string | null): void {
  const quota = directory.settings.get("settings")?.objectQuota;
  if (creator === null || quota === undefined) return;
  const made = [
    ...directory.applications.all(),
    ...directory.servicePrincipals.all(),
    ...directory.deletedItems.all().flatMap((item) => item.application ?? item.servicePrincipal ?? []),
  ].filter((object) => object.createdBy === creator).length;
  if (made < quota) return;
  throw new Refusal({
    kind: "forbidden",
    code: "Directory_QuotaExceeded",
    message:
      "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase the quota " +
      "limit or delete objects to reduce the used quota.",
    why: `${creator} has made ${String(made)} objects`,
  });
}
