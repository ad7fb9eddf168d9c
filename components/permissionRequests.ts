import type { ResourceApi, TenantContext } from "./clientArgs";
import { type DicomApi, fhirClientId } from "./dicomApi";
import { plainText } from "./plainText";

/** What an API is called in names of resources, by its client id: the FHIR service has a word, however it was written. */
export function apiKey(clientId: string): string {
  return clientId === fhirClientId ? "fhir" : clientId;
}

/** The client id of the API that a permission entry names. */
export function permissionClientId(api: string): string {
  return api.toLowerCase() === "fhir" ? fhirClientId : api.toLowerCase();
}

/** What a client asks of one resource API. */
export interface PermissionRequest {
  readonly clientId: string;
  /** Part of child names: stays the same however and in whatever order entries are written. Empty for the DICOM service. */
  readonly key: string;
  /** The key under which earlier versions may have declared the same: with the API's client id in the place of its word. */
  readonly formerKey: string;
  /** Names of delegated scopes. */
  readonly scopes: readonly string[];
  /** Names of app roles. */
  readonly roles: readonly string[];
}

/** Everything that a client asks for: the DICOM scope first, then what is asked of further APIs. */
export function permissionRequests(
  dicom: DicomApi,
  permissions: readonly {
    readonly api: string;
    readonly scopes?: readonly string[];
    readonly roles?: readonly string[];
  }[],
): PermissionRequest[] {
  const requests = new Map<string, PermissionRequest>([
    [dicom.clientId, { clientId: dicom.clientId, key: "", formerKey: "", scopes: [dicom.scope], roles: [] }],
  ]);
  for (const { api, scopes = [], roles = [] } of permissions) {
    const clientId = permissionClientId(api);
    const known = requests.get(clientId) ?? {
      clientId,
      key: apiKey(clientId),
      formerKey: clientId,
      scopes: [],
      roles: [],
    };
    requests.set(clientId, {
      ...known,
      scopes: [...new Set([...known.scopes, ...scopes])],
      roles: [...new Set([...known.roles, ...roles])],
    });
  }
  return [...requests.values()];
}

/** One API in the application's required resource access. */
export interface RequiredResourceAccess {
  readonly resourceAppId: string;
  readonly resourceAccesses: { readonly id: string; readonly type: string }[];
}

/**
 * The application's required resource access. Sorted by ids: the provider keeps the order, and another order would show up as
 * a change.
 */
export function requiredResourceAccesses(
  requests: readonly PermissionRequest[],
  tenant: TenantContext,
): RequiredResourceAccess[] {
  return requests
    .map(({ clientId, scopes, roles }) => {
      const api = apiOf(tenant, clientId);
      return {
        resourceAppId: clientId,
        resourceAccesses: [
          ...scopes.map((scope) => ({ id: idOf(api.scopeIds, scope), type: "Scope" })),
          ...roles.map((role) => ({ id: idOf(api.roleIds, role), type: "Role" })),
        ].sort((one, other) => one.id.localeCompare(other.id)),
      };
    })
    .sort((one, other) => one.resourceAppId.localeCompare(other.resourceAppId));
}

/**
 * The API of a client id in a tenant that was read for it.
 *
 * @throws Error when the tenant was read without this API.
 */
export function apiOf(tenant: TenantContext, clientId: string): ResourceApi {
  const api = Object.hasOwn(tenant.apis, clientId) ? tenant.apis[clientId] : undefined;
  if (!api) {
    throw new Error(
      plainText(
        `the tenant context was read without the API ${clientId}; name its permissions when reading it`,
      ),
    );
  }
  return api;
}

/**
 * The id behind the name of a scope or app role.
 *
 * @throws Error when the tenant was read without looking for that name.
 */
export function idOf(ids: Readonly<Record<string, string>>, name: string): string {
  const id = Object.hasOwn(ids, name) ? ids[name] : undefined;
  if (id === undefined) {
    throw new Error(
      plainText(`the tenant context was read without the permission ${name}; name it when reading it`),
    );
  }
  return id;
}
