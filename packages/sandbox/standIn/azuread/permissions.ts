import { objectsIn, textIn, textsIn } from "../http/jsonBody";
import type { PropertyMap } from "../server/propertyValue";

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

/** Ids by claim value, of those permissions that have a claim value; disabled ones included. */
export function idsByValue(live: unknown): PropertyMap {
  return Object.fromEntries(
    objectsIn(live)
      .map((permission): [string, string] => [textIn(permission["value"]), textIn(permission["id"])])
      .filter(([value, id]) => value !== "" && id !== ""),
  );
}
