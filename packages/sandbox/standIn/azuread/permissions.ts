import { objectsIn, textIn, textsIn, type JsonObject } from "../http/jsonBody";
import {
  isPropertyMap,
  mapsOf,
  textOf,
  textsOf,
  type PropertyMap,
  type PropertyValue,
} from "../server/propertyValue";

/** App roles as Graph sends them, in the form of the state. */
export function appRolesFrom(live: unknown): PropertyMap[] {
  return objectsIn(live).map((role) => ({
    id: textIn(role["id"]),
    allowedMemberTypes: textsIn(role["allowedMemberTypes"]),
    description: textIn(role["description"]),
    displayName: textIn(role["displayName"]),
    enabled: role["isEnabled"] === true,
    value: textIn(role["value"]),
  }));
}

/** App roles of the state, as Graph wants them. */
export function appRolesFor(roles: PropertyValue | undefined): JsonObject[] {
  return mapsOf(roles).map((role) => ({
    id: textOf(role["id"]),
    allowedMemberTypes: textsOf(role["allowedMemberTypes"]),
    description: textOf(role["description"]),
    displayName: textOf(role["displayName"]),
    isEnabled: role["enabled"] === true,
    value: textOf(role["value"]),
  }));
}

/** Delegated permissions as Graph sends them, in the form of the state. */
export function permissionScopesFrom(live: unknown): PropertyMap[] {
  return objectsIn(live).map((scope) => ({
    adminConsentDescription: textIn(scope["adminConsentDescription"]),
    adminConsentDisplayName: textIn(scope["adminConsentDisplayName"]),
    enabled: scope["isEnabled"] === true,
    id: textIn(scope["id"]),
    type: textIn(scope["type"]),
    userConsentDescription: textIn(scope["userConsentDescription"]),
    userConsentDisplayName: textIn(scope["userConsentDisplayName"]),
    value: textIn(scope["value"]),
  }));
}

/** Delegated permissions of an application's `api` block, as Graph wants them. */
export function permissionScopesFor(api: PropertyValue | undefined): JsonObject[] {
  return mapsOf(isPropertyMap(api) ? api["oauth2PermissionScopes"] : undefined).map((scope) => ({
    adminConsentDescription: textOf(scope["adminConsentDescription"]),
    adminConsentDisplayName: textOf(scope["adminConsentDisplayName"]),
    id: textOf(scope["id"]),
    isEnabled: scope["enabled"] === true,
    type: textOf(scope["type"]),
    userConsentDescription: textOf(scope["userConsentDescription"]),
    userConsentDisplayName: textOf(scope["userConsentDisplayName"]),
    value: textOf(scope["value"]),
  }));
}

/** Ids by claim value, of those permissions that have a claim value; disabled ones included. */
export function idsByValue(live: unknown): PropertyMap {
  return Object.fromEntries(
    objectsIn(live)
      .map((permission): [string, string] => [textIn(permission["value"]), textIn(permission["id"])])
      .filter(([value, id]) => value !== "" && id !== ""),
  );
}
