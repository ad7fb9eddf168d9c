import type { JsonObject } from "../http/jsonBody";
import {
  mapsOf,
  textOf,
  textsOf,
  type PropertyMap,
  type PropertyValue,
  within,
} from "../server/propertyValue";
import { textOrNull } from "./liveText";

function groupMembershipClaimsFor(claims: PropertyValue | undefined): string | null {
  return textOrNull(textsOf(claims).join(","));
}

/** The block `api` without its permission scopes. */
export function apiFor(api: PropertyValue | undefined): JsonObject {
  const version = within(api, "requestedAccessTokenVersion");
  return {
    acceptMappedClaims: within(api, "mappedClaimsEnabled") === true,
    knownClientApplications: textsOf(within(api, "knownClientApplications")),
    requestedAccessTokenVersion: typeof version === "number" ? version : 1,
  };
}

/** What every create and every update of an application sends. */
export function plainFields(planned: PropertyMap): JsonObject {
  const { web } = planned;
  const implicitGrant = within(web, "implicitGrant");
  return {
    "@odata.type": "#microsoft.graph.application",
    description: textOrNull(textOf(planned["description"])),
    displayName: textOf(planned["displayName"]),
    groupMembershipClaims: groupMembershipClaimsFor(planned["groupMembershipClaims"]),
    info: {
      marketingUrl: textOrNull(textOf(planned["marketingUrl"])),
      privacyStatementUrl: textOrNull(textOf(planned["privacyStatementUrl"])),
      supportUrl: textOrNull(textOf(planned["supportUrl"])),
      termsOfServiceUrl: textOrNull(textOf(planned["termsOfServiceUrl"])),
    },
    isDeviceOnlyAuthSupported: planned["deviceOnlyAuthEnabled"] === true,
    isFallbackPublicClient: planned["fallbackPublicClientEnabled"] === true,
    notes: textOrNull(textOf(planned["notes"])),
    publicClient: { redirectUris: textsOf(within(planned["publicClient"], "redirectUris")) },
    serviceManagementReference: textOrNull(textOf(planned["serviceManagementReference"])),
    signInAudience: textOf(planned["signInAudience"]),
    spa: { redirectUris: textsOf(within(planned["singlePageApplication"], "redirectUris")) },
    tags: textsOf(planned["tags"]),
    web: {
      homePageUrl: textOrNull(textOf(within(web, "homepageUrl"))),
      implicitGrantSettings: {
        enableAccessTokenIssuance: within(implicitGrant, "accessTokenIssuanceEnabled") === true,
        enableIdTokenIssuance: within(implicitGrant, "idTokenIssuanceEnabled") === true,
      },
      logoutUrl: textOrNull(textOf(within(web, "logoutUrl"))),
      redirectUris: textsOf(within(web, "redirectUris")),
    },
  };
}

const fieldsByProperty: Readonly<Record<string, (planned: PropertyMap) => JsonObject>> = {
  appRoles: () => ({ appRoles: [] }),
  identifierUris: (planned) => ({ identifierUris: textsOf(planned["identifierUris"]) }),
  optionalClaims: () => ({ optionalClaims: {} }),
  requiredResourceAccesses: (planned) => ({
    requiredResourceAccess: mapsOf(planned["requiredResourceAccesses"]).map((access) => ({
      resourceAppId: textOf(access["resourceAppId"]),
      resourceAccess: mapsOf(access["resourceAccesses"]).map((permission) => ({
        id: textOf(permission["id"]),
        type: textOf(permission["type"]),
      })),
    })),
  }),
};

/** What a create always and an update only on a change sends, of the properties that `isSent` picks. */
export function fieldsSentOnChange(
  planned: PropertyMap,
  isSent: (property: string) => boolean = () => true,
): JsonObject {
  return Object.entries(fieldsByProperty)
    .filter(([property]) => isSent(property))
    .reduce<JsonObject>((fields, [, field]) => ({ ...fields, ...field(planned) }), {});
}

/** The block `api` with its permission scopes, of which no program has any. */
export function apiWithScopes(api: PropertyValue | undefined): JsonObject {
  return { ...apiFor(api), oauth2PermissionScopes: [] };
}
