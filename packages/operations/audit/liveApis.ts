import { calls } from "../cloud/calls";
import type { LiveReader } from "../cloud/liveReader";
import { liveApi } from "./liveObjects";
import { presentOf } from "../cloud/coverage";

/** An API, as the tenant knows it. */
export interface LiveApi {
  /** Object id of its service principal. */
  readonly id: string;
  /** Client id, in lower case. */
  readonly appId: string;
  readonly displayName: string;
  /** Names of its application permissions by their ids, in lower case; those without a name are left out. */
  readonly roleNames: Readonly<Record<string, string>>;
  /** Names of its delegated permissions, in the same way. */
  readonly scopeNames: Readonly<Record<string, string>>;
}

/**
 * Reads APIs, each once. Those that are not there, or could not be read, are left out.
 *
 * @param clientIds of some
 * @param resourceIds object ids of the service principals of others
 */
export async function readApis(
  reader: LiveReader,
  clientIds: readonly string[],
  resourceIds: readonly string[],
): Promise<readonly LiveApi[]> {
  const named = await Promise.all(
    distinct(clientIds).map((clientId) =>
      reader.all(calls.servicePrincipalsByClientId, liveApi, null, { clientId }),
    ),
  );
  const known = named.flatMap((found) => found?.value ?? []);
  const others = await Promise.all(
    distinct(resourceIds)
      .filter((id) => !known.some((api) => api.id.toLowerCase() === id))
      .map((servicePrincipalId) =>
        reader.oneIfThere(calls.servicePrincipal, liveApi, null, { servicePrincipalId }),
      ),
  );
  return [...known, ...others.flatMap((found) => presentOf(found) ?? [])].map(
    ({ id, appId, displayName, appRoles, oauth2PermissionScopes }) => ({
      id,
      appId: appId.toLowerCase(),
      displayName,
      roleNames: namesById(appRoles),
      scopeNames: namesById(oauth2PermissionScopes),
    }),
  );
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].sort();
}

function namesById(
  permissions: readonly { readonly id: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  const named = permissions.filter(({ value }) => value !== "");
  return Object.fromEntries(named.map(({ id, value }) => [id.toLowerCase(), value]));
}
