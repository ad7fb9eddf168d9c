import { v5 as uuidV5 } from "uuid";

/** Names of this package's role assignments are drawn from this namespace; a new one would rename every assignment. */
const namespace = "5f0cf1a2-7d0b-4d0e-9d36-7a1f6f7c2c55";

/**
 * The name of a role assignment: a GUID computed from what it assigns. The same assignment gets the same name on every run,
 * and a recreated principal gets another one, because Azure refuses to point an existing assignment at a new principal
 * (`RoleAssignmentUpdateNotPermitted`).
 * Source: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 *
 * @param scope resource id that the role is assigned on; compared without regard to case, as Azure does.
 * @param principalId object id of the service principal.
 * @param roleId GUID of the role definition.
 */
export function roleAssignmentName(scope: string, principalId: string, roleId: string): string {
  return uuidV5([scope, principalId, roleId].join("|").toLowerCase(), namespace);
}
