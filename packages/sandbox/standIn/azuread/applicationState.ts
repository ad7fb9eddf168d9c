import { isJsonObject, objectsIn, textIn, textsIn, type JsonObject } from "../http/jsonBody";
import { isPropertyMap, type PropertyMap, type PropertyValue, within } from "../server/propertyValue";
import { featuresOf } from "./featureTags";
import { inOrderOf, nullWhenUnset } from "./liveText";
import { appRolesFrom, idsByValue, permissionScopesFrom } from "./permissions";

function groupMembershipClaimsFrom(live: JsonObject): string[] {
  // A missing property reads as one empty claim; Graph always sends it, as null when unset.
  if (live["groupMembershipClaims"] === null) return [];
  return textIn(live["groupMembershipClaims"])
    .split(",")
    .map((claim) => claim.trim());
}

function claimsFrom(live: unknown): PropertyMap[] {
  return objectsIn(live).map((claim) => ({
    name: textIn(claim["name"]),
    essential: claim["essential"] === true,
    source: textIn(claim["source"]),
    additionalProperties: textsIn(claim["additionalProperties"]),
  }));
}

function apiFrom(live: unknown, prior: PropertyValue | undefined): PropertyValue {
  if (!isJsonObject(live)) return null;
  const version = live["requestedAccessTokenVersion"];
  return {
    knownClientApplications: inOrderOf(
      live["knownClientApplications"],
      within(prior, "knownClientApplications"),
    ),
    mappedClaimsEnabled: live["acceptMappedClaims"] === true,
    oauth2PermissionScopes: permissionScopesFrom(live["oauth2PermissionScopes"]),
    requestedAccessTokenVersion: version === null ? 1 : typeof version === "number" ? version : 0,
  };
}

function redirectsFrom(live: unknown, prior: PropertyValue | undefined): PropertyValue {
  if (!isJsonObject(live)) return null;
  return { redirectUris: inOrderOf(live["redirectUris"], within(prior, "redirectUris")) };
}

function webFrom(live: unknown, prior: PropertyValue | undefined): PropertyValue {
  if (!isJsonObject(live)) return null;
  const grant = live["implicitGrantSettings"];
  return {
    homepageUrl: textIn(live["homePageUrl"]),
    implicitGrant: isJsonObject(grant)
      ? {
          accessTokenIssuanceEnabled: grant["enableAccessTokenIssuance"] === true,
          idTokenIssuanceEnabled: grant["enableIdTokenIssuance"] === true,
        }
      : null,
    logoutUrl: textIn(live["logoutUrl"]),
    redirectUris: inOrderOf(live["redirectUris"], within(prior, "redirectUris")),
  };
}

/** The required permissions in the order of the earlier state; the order within one resource is Graph's. */
function requiredAccessesFrom(live: unknown, prior: PropertyValue | undefined): PropertyMap[] {
  const order = Array.isArray(prior)
    ? prior.filter(isPropertyMap).map((access) => access["resourceAppId"])
    : [];
  const place = (access: PropertyMap): number => {
    const index = order.indexOf(access["resourceAppId"]);
    return index < 0 ? order.length : index;
  };
  return objectsIn(live)
    .map((access) => ({
      resourceAppId: textIn(access["resourceAppId"]),
      resourceAccesses: objectsIn(access["resourceAccess"]).map((permission) => ({
        id: textIn(permission["id"]),
        type: textIn(permission["type"]),
      })),
    }))
    .toSorted((a, b) => place(a) - place(b));
}

/** What Graph says about one application, from the three reads that it takes. */
export interface GraphApplication {
  readonly application: JsonObject;
  /** The slice that only beta has. */
  readonly beta: JsonObject;
  readonly ownerIds: readonly string[];
}

/**
 * The state of an application.
 *
 * @param prior inputs or earlier state: what Graph does not keep is taken from it, and sets keep its order
 */
export function applicationState(live: GraphApplication, prior: PropertyMap): PropertyMap {
  const { application, beta, ownerIds } = live;
  const { api, info, optionalClaims } = application;
  const about = isJsonObject(info) ? info : {};
  return {
    displayName: textIn(application["displayName"]),
    api: apiFrom(api, prior["api"]),
    appRoles: appRolesFrom(application["appRoles"]),
    appRoleIds: idsByValue(application["appRoles"]),
    clientId: textIn(application["appId"]),
    description: textIn(application["description"]),
    deviceOnlyAuthEnabled: application["isDeviceOnlyAuthSupported"] === true,
    disabledByMicrosoft: textIn(application["disabledByMicrosoftStatus"]),
    fallbackPublicClientEnabled: application["isFallbackPublicClient"] === true,
    featureTags: featuresOf(application["tags"]),
    groupMembershipClaims: nullWhenUnset(
      inOrderOf(groupMembershipClaimsFrom(application), prior["groupMembershipClaims"]),
      prior["groupMembershipClaims"],
    ),
    identifierUris: nullWhenUnset(
      inOrderOf(application["identifierUris"], prior["identifierUris"]),
      prior["identifierUris"],
    ),
    logoImage: "",
    logoUrl: textIn(about["logoUrl"]),
    marketingUrl: textIn(about["marketingUrl"]),
    notes: textIn(application["notes"]),
    oauth2PermissionScopeIds: idsByValue(isJsonObject(api) ? api["oauth2PermissionScopes"] : undefined),
    oauth2PostResponseRequired: beta["oauth2RequirePostResponse"] === true,
    objectId: textIn(application["id"]),
    optionalClaims: isJsonObject(optionalClaims)
      ? {
          accessTokens: claimsFrom(optionalClaims["accessToken"]),
          idTokens: claimsFrom(optionalClaims["idToken"]),
          saml2Tokens: claimsFrom(optionalClaims["saml2Token"]),
        }
      : null,
    owners: nullWhenUnset(inOrderOf(ownerIds, prior["owners"]), prior["owners"]),
    password: null,
    preventDuplicateNames: prior["preventDuplicateNames"] === true,
    privacyStatementUrl: textIn(about["privacyStatementUrl"]),
    publicClient: redirectsFrom(application["publicClient"], prior["publicClient"]),
    publisherDomain: textIn(application["publisherDomain"]),
    requiredResourceAccesses: requiredAccessesFrom(
      application["requiredResourceAccess"],
      prior["requiredResourceAccesses"],
    ),
    serviceManagementReference: textIn(application["serviceManagementReference"]),
    signInAudience: textIn(application["signInAudience"]),
    singlePageApplication: redirectsFrom(application["spa"], prior["singlePageApplication"]),
    supportUrl: textIn(about["supportUrl"]),
    tags: inOrderOf(application["tags"], prior["tags"]),
    templateId: textIn(application["applicationTemplateId"]),
    termsOfServiceUrl: textIn(about["termsOfServiceUrl"]),
    web: webFrom(application["web"], prior["web"]),
  };
}
