import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import type { Access } from "./access";
import { creationHooks } from "./clientHooks";
import type { ClientParts } from "./clientParts";
import { roleOwner } from "./uploaderRoleId";

/**
 * What an uploader may do: store. Azure documents the action as "Write DICOM resources". That it suffices for storing without the right
 * to read is taken from the open-source server and not proved on the managed service; `dicom-ops verify` proves it on yours.
 * Sources: https://learn.microsoft.com/azure/role-based-access-control/permissions/integration (Microsoft.HealthcareApis);
 * https://github.com/microsoft/dicom-server/blob/main/docs/development/roles.md
 */
const dataActions = ["Microsoft.HealthcareApis/workspaces/dicomservices/resources/write"];

/** Declares the custom role that a client brings along. It can be assigned in the resource group of what it is for. */
export function declareUploaderRole(
  { name, component, protect }: ClientParts,
  { scope, key, roleId }: Access,
): authorization.RoleDefinition {
  const group = `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}`;
  const place =
    scope.dicomService === undefined ? scope.workspace : `${scope.workspace}/${scope.dicomService}`;
  return new authorization.RoleDefinition(
    `${name}-custom-role-${key}`,
    {
      scope: group.slice(1),
      roleDefinitionId: roleId,
      // Unique in the tenant, as Azure demands.
      roleName: `DICOM uploader ${roleOwner(pulumi.getProject(), pulumi.getStack(), name)} on ${place}`,
      roleType: "CustomRole",
      description: "Stores DICOM instances, and neither reads nor deletes any.",
      permissions: [{ dataActions }],
      assignableScopes: [group],
    },
    { parent: component, protect, ...creationHooks() },
  );
}
