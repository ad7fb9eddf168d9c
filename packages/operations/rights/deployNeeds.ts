import { type ClientConfig, defaultConsent, isBuiltInRole } from "dicom-service-client/model";
import { configuredAccess } from "../project/configuredAccess";
import type { Need } from "./need";

const graph = (permission: string, reason: string): Need => ({
  right: { kind: "graph", anyOf: [permission] },
  reason,
});
const action = (name: string, scope: string, reason: string): Need => ({
  right: { kind: "action", action: name },
  scope,
  reason,
});

/**
 * What the providers' requests need to deploy, change and destroy these clients. Sources: the "Permissions" sections of the
 * azuread provider's pages (https://www.pulumi.com/registry/packages/azuread/) and of Microsoft Graph's reference.
 */
export function deployNeeds(clients: readonly ClientConfig[]): readonly Need[] {
  return [
    graph(
      "Application.ReadWrite.OwnedBy",
      "create, change and delete the applications and service principals that it owns, with their credentials, and look up the API and equal names",
    ),
    ...clients.flatMap(consentNeeds),
    ...clients.flatMap(accessNeeds),
    ...clients.flatMap(vaultNeeds),
  ];
}

function consentNeeds({ consent = defaultConsent, permissions = [] }: ClientConfig): readonly Need[] {
  if (consent !== "managed") return [];
  const hasRoles = permissions.some(({ roles = [] }) => roles.length > 0);
  return [
    graph("DelegatedPermissionGrant.ReadWrite.All", "give the tenant-wide consent (consent: managed)"),
    ...(hasRoles
      ? [graph("AppRoleAssignment.ReadWrite.All", "grant application permissions (permissions[].roles)")]
      : []),
  ];
}

function accessNeeds(config: ClientConfig): readonly Need[] {
  return configuredAccess(config).flatMap(({ scope, roleId }) => {
    const assignments = "Microsoft.Authorization/roleAssignments";
    return [
      action(`${assignments}/write`, scope.id, "give the clients their roles (access)"),
      action(`${assignments}/delete`, scope.id, "take roles away that are not declared any more"),
      action(`${assignments}/read`, scope.id, "see whether the roles are still there"),
      ...(isBuiltInRole(roleId)
        ? []
        : [
            action(
              "Microsoft.Authorization/roleDefinitions/read",
              `/subscriptions/${scope.subscriptionId}`,
              "make sure that the custom role exists",
            ),
          ]),
    ];
  });
}

function vaultNeeds({ vault }: ClientConfig): readonly Need[] {
  if (!vault) return [];
  const secrets = "Microsoft.KeyVault/vaults/secrets";
  return [
    action(
      "Microsoft.KeyVault/vaults/read",
      vault.id,
      "find the key vault's own address, where its secret is removed",
    ),
    action(`${secrets}/write`, vault.id, "write the current secret into the key vault"),
    action(`${secrets}/read`, vault.id, "see whether the key vault's secret is still there"),
    {
      right: { kind: "dataAction", action: `${secrets}/delete` },
      scope: vault.id,
      reason: "remove the key vault's secret when it is not declared any more",
    },
  ];
}
