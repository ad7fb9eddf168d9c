import { isJsonObject, textIn, textsIn, type JsonObject } from "../http/jsonBody";
import type { PropertyMap } from "../server/propertyValue";
import { featuresOf, olderFeaturesOf } from "./featureTags";
import { sameId } from "./objectIds";
import { appRolesFrom, idsByValue, permissionScopesFrom } from "./permissions";

/** Names of a service principal without its client id, which Graph lists among them. */
export function servicePrincipalNames(live: JsonObject): string[] {
  return textsIn(live["servicePrincipalNames"]).filter((name) => !sameId(name, textIn(live["appId"])));
}

/** The relay state of SAML sign-on, or undefined when Graph has no such settings. */
export function relayStateOf(live: JsonObject): string | undefined {
  const settings = live["samlSingleSignOnSettings"];
  return isJsonObject(settings) ? textIn(settings["relayState"]) : undefined;
}

/** What a service principal looks like both as a resource and as the result of a look-up. */
export function commonServicePrincipalState(live: JsonObject, beta: JsonObject): PropertyMap {
  return {
    accountEnabled: live["accountEnabled"] === true,
    appRoleAssignmentRequired: live["appRoleAssignmentRequired"] === true,
    appRoleIds: idsByValue(live["appRoles"]),
    appRoles: appRolesFrom(live["appRoles"]),
    applicationTenantId: textIn(live["appOwnerOrganizationId"]),
    clientId: textIn(live["appId"]),
    description: textIn(live["description"]),
    displayName: textIn(live["displayName"]),
    featureTags: featuresOf(live["tags"]),
    features: olderFeaturesOf(live["tags"]),
    homepageUrl: textIn(live["homepage"]),
    loginUrl: textIn(live["loginUrl"]),
    logoutUrl: textIn(live["logoutUrl"]),
    notes: textIn(live["notes"]),
    oauth2PermissionScopeIds: idsByValue(live["oauth2PermissionScopes"]),
    oauth2PermissionScopes: permissionScopesFrom(live["oauth2PermissionScopes"]),
    objectId: textIn(live["id"]),
    preferredSingleSignOnMode: textIn(live["preferredSingleSignOnMode"]),
    redirectUris: textsIn(live["replyUrls"]),
    samlMetadataUrl: textIn(beta["samlMetadataUrl"]),
    servicePrincipalNames: servicePrincipalNames(live),
    signInAudience: textIn(live["signInAudience"]),
    type: textIn(live["servicePrincipalType"]),
  };
}
