import { isMapping } from "dicom-service-client/model";

/** What a property of the azuread provider is called and looks like in Microsoft Graph. */
type Translation = (declared: unknown) => object;

const asText =
  (name: string): Translation =>
  (declared) => ({ [name]: textOf(declared) });
const asList =
  (name: string): Translation =>
  (declared) => ({ [name]: listOf(declared) });
const asFlag =
  (name: string): Translation =>
  (declared) => ({ [name]: declared === true });
const ofInfo =
  (name: string): Translation =>
  (declared) => ({ info: { [name]: textOf(declared) } });

const ofApplication: Readonly<Record<string, Translation>> = {
  displayName: asText("displayName"),
  description: asText("description"),
  notes: asText("notes"),
  serviceManagementReference: asText("serviceManagementReference"),
  signInAudience: (declared) => ({ signInAudience: declared }),
  requiredResourceAccesses: (declared) => ({ requiredResourceAccess: requiredResourceAccess(declared) }),
  identifierUris: asList("identifierUris"),
  tags: asList("tags"),
  featureTags: () => ({ tags: [] }),
  groupMembershipClaims: (declared) => ({ groupMembershipClaims: listOf(declared).join(",") || null }),
  fallbackPublicClientEnabled: asFlag("isFallbackPublicClient"),
  deviceOnlyAuthEnabled: asFlag("isDeviceOnlyAuthSupported"),
  oauth2PostResponseRequired: asFlag("oauth2RequirePostResponse"),
  marketingUrl: ofInfo("marketingUrl"),
  privacyStatementUrl: ofInfo("privacyStatementUrl"),
  supportUrl: ofInfo("supportUrl"),
  termsOfServiceUrl: ofInfo("termsOfServiceUrl"),
  publicClient: (declared) => ({ publicClient: { redirectUris: listOf(part(declared, "redirectUris")) } }),
  singlePageApplication: (declared) => ({ spa: { redirectUris: listOf(part(declared, "redirectUris")) } }),
  web: (declared) => {
    const implicit = part(declared, "implicitGrant");
    return {
      web: {
        homePageUrl: textOf(part(declared, "homepageUrl")),
        logoutUrl: textOf(part(declared, "logoutUrl")),
        redirectUris: listOf(part(declared, "redirectUris")),
        implicitGrantSettings: {
          enableAccessTokenIssuance: part(implicit, "accessTokenIssuanceEnabled") === true,
          enableIdTokenIssuance: part(implicit, "idTokenIssuanceEnabled") === true,
        },
      },
    };
  },
  optionalClaims: () => ({ optionalClaims: {} }),
  api: (declared) => ({
    api: {
      acceptMappedClaims: part(declared, "mappedClaimsEnabled") === true ? true : null,
      knownClientApplications: listOf(part(declared, "knownClientApplications")),
      oauth2PermissionScopes: [],
      requestedAccessTokenVersion: part(declared, "requestedAccessTokenVersion") ?? null,
    },
  }),
  appRoles: () => ({ appRoles: [] }),
};

const ofServicePrincipal: Readonly<Record<string, Translation>> = {
  accountEnabled: (declared) => ({ accountEnabled: declared !== false }),
  appRoleAssignmentRequired: asFlag("appRoleAssignmentRequired"),
  description: asText("description"),
  notes: asText("notes"),
  loginUrl: asText("loginUrl"),
  preferredSingleSignOnMode: asText("preferredSingleSignOnMode"),
  alternativeNames: asList("alternativeNames"),
  notificationEmailAddresses: asList("notificationEmailAddresses"),
  tags: asList("tags"),
  featureTags: () => ({ tags: [] }),
  samlSingleSignOn: () => ({ samlSingleSignOnSettings: null }),
};

/**
 * The bodies of the requests that let an application be as it is declared. What it publishes has to be disabled before it can be
 * removed, so that takes two. Source: https://learn.microsoft.com/graph/api/application-update
 */
export function applicationRequests(
  property: string,
  { live, declared }: { readonly live: unknown; readonly declared: unknown },
): readonly object[] {
  const request = requestOf(ofApplication, property, declared);
  if (property === "appRoles") return [...disabledRoles(live), request];
  if (property === "api") return [...disabledScopes(part(live, "oauth2PermissionScopes")), request];
  return [request];
}

/** The body of the request that lets a service principal be as it is declared. */
export function servicePrincipalRequest(property: string, declared: unknown): object {
  return requestOf(ofServicePrincipal, property, declared);
}

function requestOf(
  translations: Readonly<Record<string, Translation>>,
  property: string,
  declared: unknown,
): object {
  return translations[property]?.(declared) ?? { [property]: declared ?? null };
}

/** All that is declared of an application or service principal, by what the program says of it, and that a request can write. */
export function declaredContent(
  of: "application" | "servicePrincipal",
  inputs: Readonly<Record<string, unknown>>,
): object {
  const translations = of === "application" ? ofApplication : ofServicePrincipal;
  return Object.assign(
    {},
    ...Object.entries(inputs).map(([name, declared]) => translations[name]?.(declared)),
  ) as object;
}

/** The provider's spelling of required access in that of Microsoft Graph. */
export function requiredResourceAccess(declared: unknown): unknown {
  return listOf(declared)
    .filter(isMapping)
    .map(({ resourceAppId, resourceAccesses }) => ({ resourceAppId, resourceAccess: resourceAccesses }));
}

function disabledRoles(live: unknown): readonly object[] {
  const roles = listOf(live).filter(isMapping);
  return roles.length === 0
    ? []
    : [
        {
          appRoles: roles.map(({ id, value, displayName, description, allowedMemberTypes }) => ({
            id,
            value: textOf(value),
            displayName,
            description,
            allowedMemberTypes,
            isEnabled: false,
          })),
        },
      ];
}

function disabledScopes(live: unknown): readonly object[] {
  const scopes = listOf(live).filter(isMapping);
  return scopes.length === 0
    ? []
    : [
        {
          api: {
            oauth2PermissionScopes: scopes.map((scope) => ({
              id: scope["id"],
              value: textOf(scope["value"]),
              type: scope["type"],
              adminConsentDisplayName: textOf(scope["adminConsentDisplayName"]),
              adminConsentDescription: textOf(scope["adminConsentDescription"]),
              userConsentDisplayName: textOf(scope["userConsentDisplayName"]),
              userConsentDescription: textOf(scope["userConsentDescription"]),
              isEnabled: false,
            })),
          },
        },
      ];
}

function part(value: unknown, name: string): unknown {
  // The provider writes a block that may stand once as a list of one.
  const block: unknown = Array.isArray(value) ? (value as readonly unknown[])[0] : value;
  return isMapping(block) ? block[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Microsoft Graph clears a text by null. */
function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
