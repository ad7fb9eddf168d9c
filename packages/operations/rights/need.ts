import type { DocumentedPermission, PermissionSet } from "./documentedPermission";
import { sufficientSets, type Circumstances, type RightsReading } from "./reading";

/** A call that is made, whatever it takes to be let through. */
export interface Need {
  readonly permission: DocumentedPermission;
  /** Resource id of the scope; absent of Microsoft Graph, whose permissions are for the tenant. */
  readonly scope?: string;
  readonly circumstances: Circumstances;
  /** The end of "needed to …". */
  readonly reason: string;
  /** When the call is made, of one that is seldom made; the rights for it are no part of the usual ones. */
  readonly occasion?: string;
}

/** The sets of permissions that let a call through. */
export function setsOf(
  { permission, circumstances }: Need,
  reading: RightsReading,
): readonly PermissionSet[] {
  return sufficientSets(permission, reading, circumstances);
}
