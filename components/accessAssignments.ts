import * as authorization from "@pulumi/azure-native/authorization";
import type { Access } from "./access";
import { isSameResource } from "./azureResourceId";
import { creationHooks } from "./clientHooks";
import type { ClientParts } from "./clientParts";
import { roleAssignmentName } from "./roleAssignmentName";
import { assertStandsFor, formerly, spelledFreely } from "./sameObject";
import { declareUploaderRole } from "./uploaderRole";

/** Assigns a client its Azure roles, those that it brings along included. They do not die with the application: Azure would keep them as orphans. */
export function declareAccess(parts: ClientParts, accesses: readonly Access[]): void {
  const { name, component, servicePrincipal, protect } = parts;
  for (const access of accesses) {
    const { scope, key, formerKey, roleId, assignmentName } = access;
    const brought = access.isUploader ? { dependsOn: [declareUploaderRole(parts, access)] } : {};
    const childName = `${name}-access-${key}`;
    const assignment = new authorization.RoleAssignment(
      childName,
      {
        // The provider reads the scope of an imported assignment out of its id: without the slash.
        scope: scope.id.slice(1),
        roleAssignmentName:
          assignmentName ?? servicePrincipal.objectId.apply((id) => roleAssignmentName(scope.id, id, roleId)),
        principalId: servicePrincipal.objectId,
        // Without it a principal that is not replicated yet is refused with PrincipalNotFound.
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${scope.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      },
      {
        parent: component,
        protect,
        ...brought,
        ...creationHooks(),
        ...formerly(childName, `${name}-access-${formerKey}`),
        ...spelledFreely("scope"),
      },
    );
    assertStandsFor(
      assignment,
      childName,
      assignment.scope,
      (actual) => actual === undefined || isSameResource(actual, scope.id),
      `the role on ${scope.id}`,
    );
  }
}
