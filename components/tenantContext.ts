import * as pulumi from "@pulumi/pulumi";
import * as azuread from "@pulumi/azuread";
import { publicDicomApi, type DicomApi } from "./dicomApi";

/** What a client needs to know of the tenant that it is created in. Read once, it serves any number of clients. */
export interface TenantContext {
  /** Directory (tenant) id. */
  tenantId: string;
  /** Object id of the identity that deploys; it stays an owner so that it may manage what it creates. */
  deployingIdentityId: string;
  /** Object id of the resource API's service principal in this tenant. */
  apiServicePrincipalId: string;
  /** Id of the delegated scope, found by its name. */
  scopeId: string;
}

/**
 * Reads the tenant and asserts, before anything is created, that the DICOM service's API can be asked for permissions in it.
 * The API's own service principal belongs to Microsoft: it is only read, never managed.
 *
 * @throws pulumi.RunError with the cause and the commands that cure it, when the API's service principal is missing, does not
 *   have the DICOM audience, or does not publish the scope.
 */
export async function readTenantContext(api: DicomApi, opts?: pulumi.InvokeOptions): Promise<TenantContext> {
  const [identity, found] = await Promise.all([
    azuread.getClientConfig(opts),
    azuread.getServicePrincipals({ clientIds: [api.clientId], ignoreMissing: true }, opts),
  ]);
  const principal = found.servicePrincipals[0];
  if (!principal) {
    throw new pulumi.RunError(missingApiMessage(api, identity.tenantId));
  }
  const names = principal.servicePrincipalNames.map((name) => name.replace(/\/+$/, ""));
  if (!names.includes(api.audience)) {
    throw new pulumi.RunError(wrongAudienceMessage(api, principal.displayName, names));
  }
  const { oauth2PermissionScopeIds } = await azuread.getServicePrincipal(
    { objectId: principal.objectId },
    opts,
  );
  const scopeId = oauth2PermissionScopeIds[api.scope];
  if (scopeId === undefined) {
    throw new pulumi.RunError(
      missingScopeMessage(api, principal.displayName, Object.keys(oauth2PermissionScopeIds)),
    );
  }
  return {
    tenantId: identity.tenantId,
    deployingIdentityId: identity.objectId,
    apiServicePrincipalId: principal.objectId,
    scopeId,
  };
}

const nothingCreated = "Nothing has been created.";

function missingApiMessage(api: DicomApi, tenantId: string): string {
  return [
    `The tenant ${tenantId} has no service principal for ${describe(api)}.`,
    "Either the resource provider Microsoft.HealthcareApis is not registered in a subscription of this tenant, or no DICOM service has been deployed yet.",
    "Register the provider and deploy a DICOM service, or create the service principal by itself:",
    "  az provider register --namespace Microsoft.HealthcareApis --wait",
    `  az ad sp create --id ${api.clientId}`,
    nothingCreated,
  ].join("\n");
}

function wrongAudienceMessage(api: DicomApi, displayName: string, names: readonly string[]): string {
  return [
    `The service principal "${displayName}" (${api.clientId}) is not the API of a DICOM service: the audience ${api.audience} is not among its names (${list(names)}).`,
    `Set api.clientId to the application that has this audience; in the public cloud leave it out, it is ${publicDicomApi.clientId}. This shows what the tenant has:`,
    `  az ad sp show --id ${api.clientId} --query servicePrincipalNames`,
    nothingCreated,
  ].join("\n");
}

function missingScopeMessage(api: DicomApi, displayName: string, published: readonly string[]): string {
  return [
    `The service principal "${displayName}" (${api.clientId}) does not publish the scope ${api.scope}; it publishes ${list(published)}.`,
    "Set api.scope to one of the published names. If none is published, let Microsoft refresh the application by registering the provider again:",
    `  az ad sp show --id ${api.clientId} --query "oauth2PermissionScopes[].value"`,
    "  az provider register --namespace Microsoft.HealthcareApis --wait",
    nothingCreated,
  ].join("\n");
}

function describe(api: DicomApi): string {
  return api.clientId === publicDicomApi.clientId
    ? `the DICOM service ("Azure API for DICOM", ${api.clientId})`
    : `the DICOM service (${api.clientId})`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
