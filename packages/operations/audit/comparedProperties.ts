import type { AuditReport } from "./auditReport";
import type { Severity } from "./rules";

/** What the program has declared, named as in the provider. */
type Declared = Readonly<Record<string, unknown>>;

/** What an object is compared with besides its own declaration. */
export interface DeployedFacts {
  readonly clientId: string;
  readonly tenantId: string;
  /** The application as it is declared. */
  readonly application: Declared;
}

/** A property that decides, or shows, who can get a token, as what and from where. */
export interface ComparedProperty {
  /** Path in Microsoft Graph. */
  readonly name: string;
  readonly severity: Severity;
  /**
   * What it is to be, from what the program has declared; what is not declared is the value of a new object. Default: what is declared
   * under the same name.
   */
  readonly declared?: (declared: Declared, facts: DeployedFacts) => unknown;
  /** In the form of `declared`. Default: as it is. */
  readonly live?: (value: unknown) => unknown;
  /** Microsoft Graph may leave it out. Otherwise an answer without it has not been read. */
  readonly isOptional?: true;
  /** The provider neither sets nor resets it, so that it takes a request of its own to put it back: this value. */
  readonly reset?: unknown;
  /** The provider leaves it as it is when the program does not set it, so that it takes a request to put back what is declared. */
  readonly isLeftAlone?: true;
  /** Nobody but the service sets it. */
  readonly isReadOnly?: true;
}

/** A property or relation that audits do not look at, and why. */
export type UncomparedProperty = Omit<AuditReport["notCompared"][number], "of">;

/** What stands at nothing unless somebody has intervened. Not every tenant sends it. */
const setByMicrosoft: readonly ComparedProperty[] = [
  {
    name: "disabledByMicrosoftStatus",
    severity: "high",
    isOptional: true,
    isReadOnly: true,
    declared: () => null,
  },
  { name: "isDisabled", severity: "high", isOptional: true, declared: () => null, reset: false },
];

/**
 * The properties of an application that are compared. Source of the values of new objects:
 * https://learn.microsoft.com/graph/api/resources/application
 */
export const applicationProperties: readonly ComparedProperty[] = [
  { name: "displayName", severity: "medium" },
  { name: "description", severity: "medium" },
  {
    name: "serviceManagementReference",
    severity: "medium",
  },
  {
    name: "signInAudience",
    severity: "high",
    declared: ({ signInAudience }) => signInAudience ?? "AzureADMyOrg",
  },
  {
    name: "requiredResourceAccess",
    severity: "medium",
    declared: ({ requiredResourceAccesses }) => accessTexts(requiredResourceAccesses, "resourceAccesses"),
    live: (value) => accessTexts(value, "resourceAccess"),
  },
  {
    name: "groupMembershipClaims",
    severity: "medium",
    live: (value) => text(value).split(/\s*,\s*/),
  },
  { name: "identifierUris", severity: "high" },
  {
    name: "isDeviceOnlyAuthSupported",
    severity: "high",
    declared: ({ deviceOnlyAuthEnabled }) => deviceOnlyAuthEnabled,
  },
  {
    name: "isFallbackPublicClient",
    severity: "high",
    declared: ({ fallbackPublicClientEnabled }) => fallbackPublicClientEnabled,
  },
  {
    name: "optionalClaims",
    severity: "high",
    declared: ({ optionalClaims }) => ({
      accessToken: claims(within(optionalClaims, "accessTokens")),
      idToken: claims(within(optionalClaims, "idTokens")),
      saml2Token: claims(within(optionalClaims, "saml2Tokens")),
    }),
  },
  {
    name: "api.acceptMappedClaims",
    severity: "high",
    declared: ({ api }) => within(api, "mappedClaimsEnabled"),
  },
  {
    name: "api.knownClientApplications",
    severity: "high",
    declared: ({ api }) => within(api, "knownClientApplications"),
  },
  {
    name: "api.oauth2PermissionScopes",
    severity: "high",
    declared: ({ api }) => scopes(within(api, "oauth2PermissionScopes")),
    live: withoutOrigin,
  },
  {
    name: "api.preAuthorizedApplications",
    severity: "high",
    declared: () => [],
    reset: [],
  },
  {
    name: "api.requestedAccessTokenVersion",
    severity: "high",
    declared: ({ api }) => within(api, "requestedAccessTokenVersion") ?? 1,
    live: (value) => value ?? 1,
  },
  {
    name: "appRoles",
    severity: "high",
    declared: ({ appRoles }) => roles(appRoles),
    live: withoutOrigin,
  },
  {
    name: "publicClient.redirectUris",
    severity: "high",
    declared: ({ publicClient }) => within(publicClient, "redirectUris"),
  },
  {
    name: "spa.redirectUris",
    severity: "high",
    declared: ({ singlePageApplication }) => within(singlePageApplication, "redirectUris"),
  },
  {
    name: "web.redirectUris",
    severity: "high",
    declared: ({ web }) => within(web, "redirectUris"),
  },
  {
    name: "web.homePageUrl",
    severity: "medium",
    declared: ({ web }) => within(web, "homepageUrl"),
  },
  {
    name: "web.logoutUrl",
    severity: "medium",
    declared: ({ web }) => within(web, "logoutUrl"),
  },
  {
    name: "web.implicitGrantSettings",
    severity: "high",
    declared: ({ web }) => implicitGrant(web),
  },
  {
    name: "info",
    severity: "low",
    declared: ({ marketingUrl, privacyStatementUrl, supportUrl, termsOfServiceUrl }) => ({
      marketingUrl,
      privacyStatementUrl,
      supportUrl,
      termsOfServiceUrl,
    }),
    // The address of the logo is the service's own.
    live: (value) => ({ ...record(value), logoUrl: null }),
  },
  { name: "notes", severity: "low" },
  { name: "tags", severity: "low", declared: declaredTags, isLeftAlone: true },
  {
    name: "servicePrincipalLockConfiguration",
    // A lock only ever refuses something.
    severity: "low",
    declared: () => null,
    reset: null,
  },
  { name: "tokenEncryptionKeyId", severity: "high", declared: () => null, reset: null },
  { name: "defaultRedirectUri", severity: "high", declared: () => null, reset: null },
  { name: "samlMetadataUrl", severity: "high", declared: () => null, reset: null },
  { name: "addIns", severity: "medium", declared: () => [], reset: [] },
  {
    name: "parentalControlSettings",
    severity: "low",
    declared: () => null,
    live: restrictionsForMinors,
    reset: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
  },
  ...setByMicrosoft,
  {
    name: "nativeAuthenticationApisEnabled",
    severity: "high",
    isOptional: true,
    declared: () => null,
    live: (value) => (value === "none" ? null : value),
    reset: "none",
  },
  {
    name: "requestSignatureVerification",
    severity: "medium",
    isOptional: true,
    declared: () => null,
    reset: null,
  },
];

/**
 * The properties of a service principal that are compared. Source of the values of new objects:
 * https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export const servicePrincipalProperties: readonly ComparedProperty[] = [
  {
    name: "appRoleAssignmentRequired",
    severity: "high",
  },
  { name: "alternativeNames", severity: "medium" },
  { name: "description", severity: "low" },
  { name: "loginUrl", severity: "high" },
  { name: "notes", severity: "low" },
  {
    name: "notificationEmailAddresses",
    severity: "low",
  },
  {
    name: "preferredSingleSignOnMode",
    severity: "high",
  },
  {
    name: "preferredTokenSigningKeyThumbprint",
    severity: "high",
    declared: () => null,
    reset: null,
  },
  {
    name: "samlSingleSignOnSettings",
    severity: "high",
    declared: ({ samlSingleSignOn }) => ({ relayState: within(samlSingleSignOn, "relayState") }),
  },
  {
    name: "replyUrls",
    severity: "high",
    declared: (_declared, { application: { web, publicClient, singlePageApplication } }) => [
      ...new Set(
        [web, publicClient, singlePageApplication].flatMap((one) => list(within(one, "redirectUris"))),
      ),
    ],
    reset: [],
  },
  {
    name: "servicePrincipalNames",
    severity: "high",
    declared: (_declared, { clientId, application: { identifierUris } }) => [
      clientId.toLowerCase(),
      ...list(identifierUris),
    ],
    live: (value) => [...new Set(list(value))],
    reset: [],
  },
  { name: "tags", severity: "low", declared: declaredTags, isLeftAlone: true },
  { name: "tokenEncryptionKeyId", severity: "high", declared: () => null, reset: null },
  {
    name: "homepage",
    severity: "medium",
    declared: (_declared, { application: { web } }) => within(web, "homepageUrl"),
  },
  {
    name: "logoutUrl",
    severity: "medium",
    declared: (_declared, { application: { web } }) => within(web, "logoutUrl"),
  },
  { name: "addIns", severity: "medium", declared: () => [], reset: [] },
  {
    name: "appOwnerOrganizationId",
    severity: "critical",
    isReadOnly: true,
    declared: (_declared, { tenantId }) => tenantId.toLowerCase(),
    live: (value) => text(value).toLowerCase(),
  },
  {
    name: "servicePrincipalType",
    severity: "critical",
    isReadOnly: true,
    declared: () => "Application",
  },
  ...setByMicrosoft,
];

const made = "is set by the service when the object is created and cannot be changed";
const followsApplication = "follows from the application, where it is compared";

/** Of an application. */
export const uncomparedOfApplication: readonly UncomparedProperty[] = [
  ...["createdDateTime", "createdByAppId", "deletedDateTime", "publisherDomain", "applicationTemplateId"].map(
    (name) => ({ name, reason: made }),
  ),
  {
    name: "keyCredentials.customKeyIdentifier",
    reason: "can be chosen by whoever adds a certificate; its key is compared",
  },
  {
    name: "keyCredentials.displayName",
    reason: "can be chosen by whoever adds a certificate; its key is compared",
  },
  { name: "keyCredentials.startDateTime", reason: "is when the certificate itself starts" },
  { name: "passwordCredentials.customKeyIdentifier", reason: "is an older place for the name" },
  { name: "passwordCredentials.hint", reason: "is a part of the value, which nobody but its consumer knows" },
  { name: "passwordCredentials.secretText", reason: "is never returned again" },
  { name: "federatedIdentityCredentials.description", reason: "decides nothing" },
  { name: "uniqueName", reason: "is an additional name that nobody signs in with" },
  { name: "certification", reason: "is Microsoft's statement about a publisher's application" },
  { name: "verifiedPublisher", reason: "is a statement about the publisher, shown to users who consent" },
  { name: "logo", reason: "is a picture" },
  { name: "web.redirectUriSettings", reason: "repeats web.redirectUris, which are compared" },
  { name: "authenticationBehaviors", reason: "is returned only when requested on its own" },
  { name: "oauth2RequirePostResponse", reason: "is returned only when requested by name" },
  { name: "managerApplications", reason: "is returned only when requested by name" },
  { name: "createdOnBehalfOf", reason: "is not returned with the application" },
  { name: "extensionProperties", reason: "defines what other objects may hold" },
  { name: "synchronization", reason: "provisions users into other services" },
];

/** Of a service principal. */
export const uncomparedOfServicePrincipal: readonly UncomparedProperty[] = [
  ...["createdDateTime", "createdByAppId", "deletedDateTime", "applicationTemplateId"].map((name) => ({
    name,
    reason: made,
  })),
  ...[
    "displayName",
    "appDisplayName",
    "appDescription",
    "appRoles",
    "info",
    "oauth2PermissionScopes",
    "resourceSpecificApplicationPermissions",
    "signInAudience",
    "verifiedPublisher",
  ].map((name) => ({ name, reason: followsApplication })),
  { name: "customSecurityAttributes", reason: "needs the right CustomSecAttributeAssignment.Read.All" },
  {
    name: "federatedIdentityCredentials",
    reason: "is for managed identities, of which Azure lists them; an application has its own",
  },
  { name: "appRoleAssignedTo", reason: "says who may use the client, which publishes no app role" },
  { name: "ownedObjects", reason: "says what the client may change; the owners of those objects show it" },
  { name: "createdObjects", reason: "lists what the client has created" },
  { name: "transitiveMemberOf", reason: "follows from memberOf, where every group is a finding" },
  { name: "delegatedPermissionClassifications", reason: "classifies the scopes that an API publishes" },
  { name: "endpoints", reason: "is for Microsoft's own services" },
  { name: "remoteDesktopSecurityConfiguration", reason: "is for remote desktops" },
  { name: "synchronization", reason: "provisions users into other services" },
];

/** What else might give a client something, and is not looked at. */
export const uncomparedElsewhere: readonly UncomparedProperty[] = [
  {
    name: "roleManagement/directory",
    reason:
      "directory roles that are limited to an administrative unit or to one application, and roles that the client is eligible for",
  },
  { name: "Azure roles that the client is eligible for", reason: "they count only once they are activated" },
  {
    name: "Azure roles in subscriptions that the auditing identity does not see",
    reason: "they are not listed",
  },
  { name: "identity/conditionalAccess", reason: "refuses sign-ins and allows none" },
  { name: "deny assignments of Azure", reason: "refuse calls and allow none" },
  {
    name: "policies of the whole tenant",
    reason:
      "the default app management policy and policies with isOrganizationDefault hold for every application",
  },
  { name: "descriptions of Azure roles", reason: "decide nothing" },
  {
    name: "what a program sets beyond the component, such as tags by a transform",
    reason: "is compared with the state, into which a refresh writes what is live",
  },
  {
    name: "what a custom Azure role allowed when it was declared",
    reason:
      "the configuration names a role by its id; only what it allows now beyond the data of DICOM services is a finding",
  },
  {
    name: "key vaults",
    reason: "neither access policies that name the client nor the secret that a vault holds are read",
  },
];

/** What might give somebody the access of a client that is a managed identity, and is not looked at. */
export const uncomparedOfManagedIdentity: readonly UncomparedProperty[] = [
  {
    name: "resources that managed identities are assigned to",
    reason: "whatever runs there can act as the client",
  },
  {
    name: "certificates of managed identities",
    reason: "Azure replaces its own by itself, so none is known to be the declared one",
  },
  {
    name: "further properties of managed identities",
    reason:
      "Azure sets them, also alternativeNames, which say where to read its federated credentials; only that it is an identity, enabled and has the declared ids is compared",
  },
];

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function within(value: unknown, name: string): unknown {
  return record(value)[name];
}

/** One text for each permission. The same API may stand in several entries. */
function accessTexts(entries: unknown, permissions: string): readonly string[] {
  return [
    ...new Set(
      list(entries).flatMap((entry) =>
        list(within(entry, permissions)).map(
          (permission) =>
            `${text(within(permission, "type"))} ${text(within(permission, "id")).toLowerCase()} of ${text(within(entry, "resourceAppId")).toLowerCase()}`,
        ),
      ),
    ),
  ];
}

function implicitGrant(web: unknown): object {
  const grant = within(web, "implicitGrant");
  return {
    enableAccessTokenIssuance: within(grant, "accessTokenIssuanceEnabled"),
    enableIdTokenIssuance: within(grant, "idTokenIssuanceEnabled"),
  };
}

/** New applications have no other rule than this one. */
function restrictionsForMinors(settings: unknown): object {
  const { countriesBlockedForMinors, legalAgeGroupRule } = record(settings);
  return {
    countriesBlockedForMinors,
    legalAgeGroupRule: legalAgeGroupRule === "Allow" ? null : legalAgeGroupRule,
  };
}

function claims(entries: unknown): readonly unknown[] {
  return list(entries).map((entry) => {
    const { name, source, essential, additionalProperties } = record(entry);
    return { name, source, essential, additionalProperties };
  });
}

function scopes(entries: unknown): readonly unknown[] {
  return roles(list(entries).map((entry) => ({ type: "User", ...record(entry) })));
}

function roles(entries: unknown): readonly unknown[] {
  return list(entries).map((entry) => {
    const { enabled, ...others } = record(entry);
    return { ...others, isEnabled: enabled ?? true };
  });
}

function withoutOrigin(entries: unknown): readonly unknown[] {
  return list(entries).map((entry) => ({ ...record(entry), origin: null }));
}

/** The tags behind the features, as the portal writes them. Source: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const featureTags: Readonly<Record<string, string>> = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  customSingleSignOnApp: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  enterpriseApplication: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  galleryApplication: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
};

/** New objects have none. What the state has of tags that are left out is what a refresh has found. */
function declaredTags(declared: Declared): unknown {
  const [block] = list(declared["featureTags"] ?? declared["features"]);
  if (block === undefined) return declared["tags"] ?? [];
  const features = record(block);
  return [
    ...Object.entries(featureTags).flatMap(([name, tag]) => (features[name] === true ? [tag] : [])),
    ...(features["visibleToUsers"] === false ? ["HideApp"] : []),
  ];
}
