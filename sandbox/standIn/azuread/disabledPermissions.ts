import { diagnosed } from "../bridge/diagnostic";
import { isJsonObject, objectsIn, textIn, type JsonObject } from "../http/jsonBody";
import { isDeepStrictEqual } from "node:util";
import { waitUntilDisabled, type AzureadContext } from "./azureadContext";

/** Where a collection of permissions is in an application. */
export interface PermissionCollection {
  /** For messages. */
  readonly named: string;
  readonly of: (application: JsonObject) => unknown;
  readonly in: (permissions: readonly JsonObject[]) => JsonObject;
}

export const appRoleCollection: PermissionCollection = {
  named: "App Roles",
  of: (application) => application["appRoles"],
  in: (appRoles) => ({ appRoles }),
};

export const permissionScopeCollection: PermissionCollection = {
  named: "OAuth2 Permission Scopes",
  of: (application) =>
    isJsonObject(application["api"]) ? application["api"]["oauth2PermissionScopes"] : undefined,
  in: (oauth2PermissionScopes) => ({ api: { oauth2PermissionScopes } }),
};

function isChanged(existing: JsonObject, wanted: readonly JsonObject[]): boolean {
  const match = wanted.find((permission) => permission["id"] === existing["id"]);
  if (match === undefined) return true;
  return Object.keys(match).some((name) => !isDeepStrictEqual(existing[name] ?? "", match[name] ?? ""));
}

/**
 * Graph refuses to change or remove a permission that is enabled. Disables those that are about to be changed
 * or removed, and waits until that shows: one GET, and if there is any, one PATCH and GETs.
 */
export async function disableChangedPermissions(
  context: AzureadContext,
  path: string,
  collection: PermissionCollection,
  wanted: readonly JsonObject[],
  named: string,
): Promise<void> {
  const { graph } = context;
  await diagnosed(`Could not disable ${collection.named} for ${named}`, async () => {
    const existing = objectsIn(collection.of(await graph.get(path)));
    const disabling = existing.filter(
      (permission) => permission["isEnabled"] === true && isChanged(permission, wanted),
    );
    if (disabling.length === 0) return;
    const ids = new Set(disabling.map((permission) => textIn(permission["id"])));
    const permissions = existing.map((permission) =>
      ids.has(textIn(permission["id"])) ? { ...permission, isEnabled: false } : permission,
    );
    await graph.patch(path, { "@odata.type": "#microsoft.graph.application", ...collection.in(permissions) });
    await waitUntilDisabled(context, async () =>
      objectsIn(collection.of(await graph.get(path))).every(
        (permission) => !ids.has(textIn(permission["id"])) || permission["isEnabled"] !== true,
      ),
    );
  });
}
