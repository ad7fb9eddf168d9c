import * as pulumi from "@pulumi/pulumi";
import * as authorization from "@pulumi/azure-native/authorization";
import { readAccess } from "../access";
import type { DicomScope } from "../azureResourceId";
import { isBuiltInRole } from "../dicomRole";
import { formatPath, runError } from "../problem";
import { isNotFound, reasonOf } from "./azureAnswers";
import type { ClientConfig } from "./config";
import { vaultObstacles } from "./vaultPreflight";

/**
 * Asserts, before anything is declared, what Azure would otherwise refuse half-way: custom roles exist, key vaults exist in the
 * subscription that the provider works in and have the secret's name free, and in a preview that what roles are assigned on
 * exists. Asks nothing that is not configured.
 *
 * @throws pulumi.RunError with every obstacle.
 */
export async function assertAzureHasWhatIsNamed(
  clients: Readonly<Record<string, ClientConfig>>,
): Promise<void> {
  const vaults = Object.entries(clients).map(([name, { vault }]) => [name, vault] as const);
  const obstacles = (
    await Promise.all([
      ...customRoles(clients).map(roleObstacle),
      vaultObstacles(Object.fromEntries(vaults)),
      // A request for every service in every update would cost more than the refusal that a preview foretells.
      ...(pulumi.runtime.isDryRun() ? [scopeObstacles(clients)] : []),
    ])
  ).flat();
  if (obstacles.length > 0) {
    throw runError([...obstacles, "Nothing has been created."]);
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
      const read = readAccess(entry, "");
      return read && !read.isUploader && !isBuiltInRole(read.roleId)
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
      `${path}: the role definition ${roleId} cannot be read in the subscription ${subscriptionId} (${reasonOf(error)}). To list the custom roles that can be assigned there:`,
      `  az role definition list --custom-role-only --scope /subscriptions/${subscriptionId} --query "[].{name: roleName, guid: name}"`,
    ];
  }
}

/**
 * What is wrong with the resources that roles are to be assigned on. Only those in the provider's subscription can be read, and
 * what may not be read is taken for right.
 */
async function scopeObstacles(clients: Readonly<Record<string, ClientConfig>>): Promise<string[]> {
  const scopes = new Map<string, { readonly path: string; readonly scope: DicomScope }>();
  for (const [name, { access = [] }] of Object.entries(clients)) {
    for (const [index, entry] of access.entries()) {
      const scope = readAccess(entry, "")?.scope;
      const key = scope?.id.toLowerCase() ?? "";
      if (scope && !scopes.has(key)) {
        scopes.set(key, { path: formatPath(["clients", name, "access", index]), scope });
      }
    }
  }
  if (scopes.size === 0) {
    return [];
  }
  const { subscriptionId } = await authorization.getClientConfig();
  const readable = [...scopes.values()].filter(
    ({ scope }) => scope.subscriptionId === subscriptionId.toLowerCase(),
  );
  return (await Promise.all(readable.map(({ path, scope }) => scopeObstacle(path, scope)))).flat();
}

async function scopeObstacle(path: string, scope: DicomScope): Promise<string[]> {
  const { resourceGroup: resourceGroupName, workspace: workspaceName, dicomService } = scope;
  try {
    await (dicomService === undefined
      ? pulumi.runtime.invoke("azure-native:healthcareapis:getWorkspace", {
          resourceGroupName,
          workspaceName,
        })
      : pulumi.runtime.invoke("azure-native:healthcareapis:getDicomService", {
          resourceGroupName,
          workspaceName,
          dicomServiceName: dicomService,
        }));
    return [];
  } catch (error) {
    return isNotFound(error)
      ? [
          `${path}: there is no ${scope.id} (${reasonOf(error)}). To list the existing DICOM services:`,
          `  az resource list --subscription ${scope.subscriptionId} --resource-type Microsoft.HealthcareApis/workspaces/dicomservices --query "[].id"`,
        ]
      : [];
  }
}
