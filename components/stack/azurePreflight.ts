import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import { readAccess } from "../access";
import { isBuiltInRole } from "../dicomRole";
import { formatPath } from "../problem";
import { parseVaultId } from "../vault";
import type { ClientConfig } from "./config";

/**
 * Asserts, before anything is declared, what Azure would otherwise refuse half-way: custom roles exist, and key vaults lie in
 * the subscription that the provider works in. Asks nothing when neither is configured.
 *
 * @throws pulumi.RunError with every obstacle.
 */
export async function assertAzureHasWhatIsNamed(
  clients: Readonly<Record<string, ClientConfig>>,
): Promise<void> {
  const obstacles = (
    await Promise.all([...customRoles(clients).map(roleObstacle), vaultObstacles(clients)])
  ).flat();
  if (obstacles.length > 0) {
    throw new pulumi.RunError([...obstacles, "Nothing has been created."].join("\n"));
  }
}

interface CustomRole {
  readonly path: string;
  readonly roleId: string;
  readonly subscriptionId: string;
}

function customRoles(clients: Readonly<Record<string, ClientConfig>>): CustomRole[] {
  return Object.entries(clients).flatMap(([name, { access = [] }]) =>
    access.flatMap((entry, index) => {
      const read = readAccess(entry);
      return read && !isBuiltInRole(read.roleId)
        ? [
            {
              path: formatPath(["clients", name, "access", index, "role"]),
              roleId: read.roleId,
              subscriptionId: read.scope.subscriptionId,
            },
          ]
        : [];
    }),
  );
}

async function roleObstacle({ path, roleId, subscriptionId }: CustomRole): Promise<string[]> {
  try {
    await authorization.getRoleDefinition({
      scope: `/subscriptions/${subscriptionId}`,
      roleDefinitionId: roleId,
    });
    return [];
  } catch (error) {
    return [
      `${path}: the role definition ${roleId} cannot be read in the subscription ${subscriptionId} (${reason(error)}). This shows the custom roles that can be assigned there:`,
      `  az role definition list --custom-role-only --scope /subscriptions/${subscriptionId} --query "[].{name: roleName, guid: name}"`,
    ];
  }
}

async function vaultObstacles(clients: Readonly<Record<string, ClientConfig>>): Promise<string[]> {
  const vaults = Object.entries(clients).flatMap(([name, { vault }]) => {
    const id = vault && parseVaultId(vault.id);
    return id ? [{ path: formatPath(["clients", name, "vault", "id"]), id }] : [];
  });
  if (vaults.length === 0) {
    return [];
  }
  const { subscriptionId } = await authorization.getClientConfig();
  return vaults
    .filter(({ id }) => id.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase())
    .map(
      ({ path, id }) =>
        `${path}: the key vault lies in the subscription ${id.subscriptionId}, but the azure-native provider works in ${subscriptionId}. Set azure-native:subscriptionId, or name a vault of that subscription.`,
    );
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1)?.trim() ?? "no reason given";
}
