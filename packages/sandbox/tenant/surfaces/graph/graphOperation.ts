import type { Operation } from "../../core/operation";
import type { Directory } from "../../state/directory";
import type { Caller } from "../caller";
import { type GraphAccess, ownedBy } from "./graphGate";

/** A row of Microsoft Graph. */
export type GraphOperation = Operation<Directory, GraphAccess, Caller>;

export const both = ["v1.0", "beta"] as const;

/**
 * Permissions of which one is enough to read applications and service principals. `Application.ReadWrite.OwnedBy` may read all of
 * them (Microsoft Graph reference, servicePrincipal: get).
 */
export const readApplications = [
  "Application.Read.All",
  "Application.ReadWrite.All",
  ownedBy,
  "Directory.Read.All",
  "Directory.ReadWrite.All",
] as const;

export const writeApplications = ["Application.ReadWrite.All", "Directory.ReadWrite.All"] as const;

/** Whether a caller may only touch what it owns. */
export function isLimitedToOwned(caller: Caller): boolean {
  return (
    caller.kind === "application" &&
    !writeApplications.some((permission) => caller.roles.includes(permission))
  );
}

/** Whether the number of objects that a caller may create is limited: not for those who may change the whole directory. */
export function hasQuota(caller: Caller): boolean {
  return isLimitedToOwned(caller) || (caller.kind === "user" && caller.directoryRoles.length === 0);
}
