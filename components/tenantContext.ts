import type { GetServicePrincipalResult } from "@pulumi/azuread";
import type { Input, InvokeOptions } from "@pulumi/pulumi";
import { quote } from "./argumentTypes";
import type { ApiPermission, ResourceApi, TenantContext } from "./clientArgs";
import { publicDicomApi, type DicomApi } from "./dicomApi";
import { type PermissionRequest, permissionRequests } from "./permissionRequests";
import { runError } from "./problem";
import { azuread, pulumi } from "./sdk";

/** What is asked of one resource API. */
interface ApiDemand extends PermissionRequest {
  /** Name that its service principal must have; undefined when any will do. */
  readonly audience: string | undefined;
}

/**
 * Reads the tenant and asserts, before anything is created, that every permission can be asked for in it. The service
 * principals of resource APIs belong to Microsoft: they are only read, never managed.
 *
 * @param permissions of further APIs, of all clients.
 * @throws pulumi.RunError with every cause and the commands that cure it, when a service principal is missing, does not have
 *   the DICOM audience, or does not publish a scope or role.
 */
export async function readTenantContext(
  dicom: DicomApi,
  permissions: readonly ApiPermission[] = [],
  opts?: InvokeOptions,
): Promise<TenantContext> {
  const demands = permissionRequests(dicom, permissions).map((request) => ({
    ...request,
    audience: request.clientId === dicom.clientId ? dicom.audience : undefined,
  }));
  const [identity, looked] = await Promise.all([
    azuread.getClientConfig(opts),
    Promise.all(demands.map(async (demand) => ({ demand, found: await findApi(demand.clientId, opts) }))),
  ]);
  const obstacles = looked.flatMap(({ demand, found }) =>
    found ? unmetDemands(demand, found) : missingApiMessage(demand, identity.tenantId),
  );
  if (obstacles.length > 0) {
    throw runError([...obstacles, "Nothing has been created."]);
  }
  return {
    tenantId: identity.tenantId,
    deployingIdentityId: identity.objectId,
    apis: Object.fromEntries(
      looked.flatMap(({ demand: { clientId }, found }): [string, ResourceApi][] =>
        found
          ? [
              [
                clientId,
                {
                  servicePrincipalId: found.objectId,
                  scopeIds: found.oauth2PermissionScopeIds,
                  roleIds: found.appRoleIds,
                },
              ],
            ]
          : [],
      ),
    ),
  };
}

/** Reads what a client without an application needs to know of the tenant, which takes no right to read the directory. */
export async function readTenantWithoutApis(opts?: InvokeOptions): Promise<TenantContext> {
  const { tenantId, objectId } = await azuread.getClientConfig(opts);
  return { tenantId, deployingIdentityId: objectId, apis: {} };
}

/**
 * Works something out from what is known of a tenant: at once when it was read before, which spares every client of a stack the
 * outputs and promises that waiting for it takes.
 *
 * @throws what the work throws, when it is done at once.
 */
export function fromTenant<T>(tenant: Input<TenantContext>, work: (context: TenantContext) => T): Input<T> {
  return pulumi.Output.isInstance(tenant) || tenant instanceof Promise
    ? pulumi.output(tenant).apply(work)
    : work(tenant);
}

/** The service principal of an API; undefined when the tenant has none. */
async function findApi(
  clientId: string,
  opts: InvokeOptions | undefined,
): Promise<GetServicePrincipalResult | undefined> {
  try {
    return await azuread.getServicePrincipal({ clientId }, opts);
  } catch (error) {
    // The provider does not tell "there is none" from other failures; this question does.
    const { servicePrincipals } = await azuread.getServicePrincipals(
      { clientIds: [clientId], ignoreMissing: true },
      opts,
    );
    if (servicePrincipals.length === 0) {
      return undefined;
    }
    throw error;
  }
}

function unmetDemands(demand: ApiDemand, found: GetServicePrincipalResult): string[] {
  const { clientId, audience } = demand;
  const title = `The service principal ${quote(found.displayName)} (${clientId})`;
  const names = found.servicePrincipalNames.map((name) => name.replace(/\/+$/, ""));
  if (audience !== undefined && !names.includes(audience)) {
    return [
      `${title} is not the API of a DICOM service: the audience ${audience} is not among its names (${list(names)}).`,
      `Set api.clientId to the application that has this audience. In the public cloud, omit it; the default is ${publicDicomApi.clientId}. To see what the tenant has:`,
      `  az ad sp show --id ${clientId} --query servicePrincipalNames`,
    ];
  }
  return [
    ...unpublished(demand.scopes, found.oauth2PermissionScopeIds).flatMap((scope) => [
      `${title} does not publish the scope ${scope}; it publishes ${list(Object.keys(found.oauth2PermissionScopeIds))}.`,
      "Name one of the published scopes. If none is published, register its resource provider again, which refreshes the application:",
      `  az ad sp show --id ${clientId} --query "oauth2PermissionScopes[].value"`,
      "  az provider register --namespace Microsoft.HealthcareApis --wait",
    ]),
    ...unpublished(demand.roles, found.appRoleIds).flatMap((role) => [
      `${title} does not publish the app role ${role}; it publishes ${list(Object.keys(found.appRoleIds))}.`,
      "Name one of the published app roles:",
      `  az ad sp show --id ${clientId} --query "appRoles[].value"`,
    ]),
  ];
}

function missingApiMessage({ clientId, audience }: ApiDemand, tenantId: string): string[] {
  if (audience === undefined) {
    return [
      `The tenant ${tenantId} has no service principal for the API ${clientId}. Create it, or correct the client id:`,
      `  az ad sp create --id ${clientId}`,
    ];
  }
  const name = clientId === publicDicomApi.clientId ? `"Azure API for DICOM", ${clientId}` : clientId;
  return [
    `The tenant ${tenantId} has no service principal for the DICOM service (${name}).`,
    "Either the resource provider Microsoft.HealthcareApis is not registered in a subscription of this tenant, or no DICOM service has been deployed yet.",
    "Register the provider and deploy a DICOM service, or create just the service principal:",
    "  az provider register --namespace Microsoft.HealthcareApis --wait",
    `  az ad sp create --id ${clientId}`,
  ];
}

function unpublished(names: readonly string[], published: Readonly<Record<string, string>>): string[] {
  return names.filter((name) => !Object.keys(published).includes(name));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
