import { diagnosed } from "../bridge/diagnostic";
import { isJsonObject, objectsIn, textIn, type JsonObject } from "../http/jsonBody";
import { isDeepStrictEqual } from "node:util";
import { applicationNamed, applicationPath } from "./objectIds";
import { waitUntilDisabled, type AzureadContext } from "./azureadContext";

/** Where a collection of permissions is in an application, and how it is compared and sent. */
export interface PermissionCollection {
  /** For messages. */
  readonly named: string;
  readonly of: (application: JsonObject) => unknown;
  /** The properties of the application that carry the permissions. */
  readonly in: (permissions: readonly JsonObject[], objectId: string) => JsonObject;
  /** Whether a permission that stays is asked to be another one. */
  readonly isChanged: (existing: JsonObject, wanted: JsonObject) => boolean;
}

/** `origin` says where a role comes from; Graph does not take it (Microsoft Graph reference, appRole). */
function withoutOrigin({ origin: _origin, ...role }: JsonObject): JsonObject {
  return role;
}

const comparedOfAppRole = ["allowedMemberTypes", "description", "displayName"];

export const appRoleCollection: PermissionCollection = {
  named: "App Roles",
  of: (application) => application["appRoles"],
  in: (appRoles, id) => ({ id, appRoles: appRoles.map(withoutOrigin) }),
  isChanged: (existing, wanted) =>
    comparedOfAppRole.some((name) => !isDeepStrictEqual(existing[name], wanted[name])) ||
    textIn(existing["value"]) !== textIn(wanted["value"]),
};

export const permissionScopeCollection: PermissionCollection = {
  named: "OAuth2 Permission Scopes",
  of: (application) =>
    isJsonObject(application["api"]) ? application["api"]["oauth2PermissionScopes"] : undefined,
  in: (oauth2PermissionScopes) => ({ api: { oauth2PermissionScopes } }),
  // An unset text that Graph sends as null counts as changed, too.
  isChanged: (existing, wanted) => !isDeepStrictEqual(existing, wanted),
};

/** Whether a permission has to be disabled: it is to go, or it is enabled and to change. */
function isInTheWay(
  existing: JsonObject,
  wanted: readonly JsonObject[],
  collection: PermissionCollection,
): boolean {
  const match = wanted.find((permission) => permission["id"] === existing["id"]);
  if (match === undefined) return true;
  return existing["isEnabled"] === true && collection.isChanged(existing, match);
}

/**
 * Graph refuses to change or remove a permission that is enabled. Disables those that are about to be changed
 * or removed, and waits until that shows: one GET, and if there is any, one PATCH and GETs.
 */
export async function disableChangedPermissions(
  context: AzureadContext,
  objectId: string,
  collection: PermissionCollection,
  wanted: readonly JsonObject[],
): Promise<void> {
  const { graph } = context;
  const path = applicationPath(objectId);
  const named = applicationNamed(objectId);
  await diagnosed(`Could not disable ${collection.named} for ${named}`, async () => {
    const existing = objectsIn(collection.of(await graph.get(path)));
    const disabling = existing.filter((permission) => isInTheWay(permission, wanted, collection));
    if (disabling.length === 0) return;
    const ids = new Set(disabling.map((permission) => textIn(permission["id"])));
    const permissions = existing.map((permission) =>
      ids.has(textIn(permission["id"])) ? { ...permission, isEnabled: false } : permission,
    );
    await graph.patch(path, {
      "@odata.type": "#microsoft.graph.application",
      ...collection.in(permissions, objectId),
    });
    await waitUntilDisabled(context, async () =>
      objectsIn(collection.of(await graph.get(path))).every(
        (permission) => !ids.has(textIn(permission["id"])) || permission["isEnabled"] !== true,
      ),
    );
  });
}
