import type { RoleDefinition } from "@pulumi/azure-native/authorization";
import type { DicomScope } from "./azureResourceId";
import { childOptions, type ClientParts } from "./child";
import { childName } from "./childNames";
import { authorization } from "./sdk";

/**
 * What an uploader may do: store. Azure documents the action as "Write DICOM resources". That it suffices for storing without the right
 * to read is taken from the open-source server and not proved on the managed service; `dicom-ops verify` proves it on yours.
 * Sources: https://learn.microsoft.com/azure/role-based-access-control/permissions/integration (Microsoft.HealthcareApis);
 * https://github.com/microsoft/dicom-server/blob/main/docs/development/roles.md
 */
export const uploaderDataActions = ["Microsoft.HealthcareApis/workspaces/dicomservices/resources/write"];

/** Declares the custom role that comes with a client. It can be assigned in the resource group of what it is for. */
export function declareUploaderRole(
  client: ClientParts,
  owner: string,
  { scope, key, roleId }: { readonly scope: DicomScope; readonly key: string; readonly roleId: string },
): RoleDefinition {
  const name = childName(client.name, "customRole", key);
  const group = `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}`;
  const place =
    scope.dicomService === undefined ? scope.workspace : `${scope.workspace}/${scope.dicomService}`;
  return new authorization.RoleDefinition(
    name,
    {
      scope: group.slice(1),
      roleDefinitionId: roleId,
      // Unique in the tenant, as Azure demands.
      roleName: `DICOM uploader ${owner} on ${place}`,
      roleType: "CustomRole",
      description: "Stores DICOM instances, and neither reads nor deletes any.",
      permissions: [{ dataActions: uploaderDataActions }],
      assignableScopes: [group],
    },
    childOptions(client, "customRole", name),
  );
}
