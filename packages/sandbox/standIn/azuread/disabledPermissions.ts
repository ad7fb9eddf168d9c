import { diagnosed } from "../bridge/diagnostic";
import { isJsonObject, objectsIn, type JsonObject } from "../http/jsonBody";
import { applicationNamed, applicationPath } from "./objectIds";
import { waitForChange, type AzureadContext } from "./azureadContext";

/** Where a collection of permissions is in an application, and how it is sent. */
export interface PermissionCollection {
  /** For messages. */
  readonly named: string;
  readonly of: (application: JsonObject) => unknown;
  /** The properties of the application that carry the permissions. */
  readonly in: (permissions: readonly JsonObject[], objectId: string) => JsonObject;
}

/** `origin` says where a role comes from; Graph does not take it (Microsoft Graph reference, appRole). */
function withoutOrigin({ origin: _origin, ...role }: JsonObject): JsonObject {
  return role;
}

export const appRoleCollection: PermissionCollection = {
  named: "App Roles",
  of: (application) => application["appRoles"],
  in: (appRoles, id) => ({ id, appRoles: appRoles.map(withoutOrigin) }),
};

export const permissionScopeCollection: PermissionCollection = {
  named: "OAuth2 Permission Scopes",
  of: (application) =>
    isJsonObject(application["api"]) ? application["api"]["oauth2PermissionScopes"] : undefined,
  in: (oauth2PermissionScopes) => ({ api: { oauth2PermissionScopes } }),
};

/**
 * Graph refuses to remove a permission that is enabled. Disables all that an application publishes, and waits until that shows: one
 * GET, and if there is any, one PATCH and GETs.
 */
export async function disablePermissions(
  context: AzureadContext,
  objectId: string,
  collection: PermissionCollection,
): Promise<void> {
  const { graph } = context;
  const path = applicationPath(objectId);
  const named = applicationNamed(objectId);
  await diagnosed(`Could not disable ${collection.named} for ${named}`, async () => {
    const existing = objectsIn(collection.of(await graph.get(path)));
    if (existing.length === 0) return;
    const disabled = existing.map((permission) => ({ ...permission, isEnabled: false }));
    await graph.patch(path, {
      "@odata.type": "#microsoft.graph.application",
      ...collection.in(disabled, objectId),
    });
    await waitForChange(context, async () =>
      objectsIn(collection.of(await graph.get(path))).every(({ isEnabled }) => isEnabled !== true),
    );
  });
}
