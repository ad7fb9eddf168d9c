/**
 * The id of a role definition as seen from a scope. Who has rights at that scope only may read it there, and not at the subscription
 * that role assignments name. Source: https://learn.microsoft.com/rest/api/authorization/role-definitions/get
 */
export function definitionAt(scope: string, roleDefinitionId: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1)}`;
}
