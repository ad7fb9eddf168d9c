/**
 * The condition by which a role assignment may be used to give and take certain roles only, and to service principals only.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 *
 * @param roleIds GUIDs of role definitions
 */
export function roleCondition(roleIds: readonly string[]): string {
  const allow = (verb: "write" | "delete", source: "Request" | "Resource"): string => {
    const attribute = (name: string): string => `@${source}[Microsoft.Authorization/roleAssignments:${name}]`;
    return [
      `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'}))`,
      `OR (${attribute("RoleDefinitionId")} ForAnyOfAnyValues:GuidEquals {${[...roleIds].sort().join(", ")}}`,
      `AND ${attribute("PrincipalType")} ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`,
    ].join(" ");
  };
  return `${allow("write", "Request")} AND ${allow("delete", "Resource")}`;
}
