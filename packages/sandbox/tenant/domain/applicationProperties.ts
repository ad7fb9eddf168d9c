import * as s from "../core/bodySchema";

const appRole = s.object(
  {
    allowedMemberTypes: s.list(s.oneOf(["User", "Application"])),
    description: s.nullableText,
    displayName: s.nullableText,
    id: s.guid,
    isEnabled: s.flag(true),
    origin: s.nullableText,
    value: s.nullableText,
  },
  ["id"],
);

const permissionScope = s.object(
  {
    adminConsentDescription: s.nullableText,
    adminConsentDisplayName: s.nullableText,
    id: s.guid,
    isEnabled: s.flag(true),
    origin: s.nullableText,
    type: s.oneOf(["User", "Admin"]),
    userConsentDescription: s.nullableText,
    userConsentDisplayName: s.nullableText,
    value: s.nullableText,
  },
  ["id"],
);

const redirects = s.object({ redirectUris: s.list(s.text) });

const optionalClaim = s.object(
  {
    additionalProperties: s.list(s.text),
    essential: s.flag(false),
    name: s.text,
    source: s.nullableText,
  },
  ["name"],
);

/** What a caller may set on an application (Microsoft Graph reference, application resource type). */
export const applicationBodySchema = s.object({
  displayName: s.text,
  description: s.nullableText,
  groupMembershipClaims: s.nullableText,
  identifierUris: s.list(s.text),
  isDeviceOnlyAuthSupported: s.nullableFlag,
  isFallbackPublicClient: s.nullableFlag,
  nativeAuthenticationApisEnabled: s.nullable(s.oneOf(["none", "all"])),
  notes: s.nullableText,
  serviceManagementReference: s.nullableText,
  signInAudience: s.oneOf([
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
  ]),
  tags: s.list(s.text),
  tokenEncryptionKeyId: s.nullable(s.guid),
  samlMetadataUrl: s.nullableText,
  defaultRedirectUri: s.nullableText,
  // `{}` clears them: the azuread provider's acceptance tests go from all claims back to none this way.
  optionalClaims: s.nullable(
    s.replaced(
      s.object({
        accessToken: s.list(optionalClaim),
        idToken: s.list(optionalClaim),
        saml2Token: s.list(optionalClaim),
      }),
    ),
  ),
  servicePrincipalLockConfiguration: s.nullable(
    s.object({
      allProperties: s.nullableFlag,
      credentialsWithUsageSign: s.nullableFlag,
      credentialsWithUsageVerify: s.nullableFlag,
      isEnabled: s.flag(false),
      tokenEncryptionKeyId: s.nullableFlag,
    }),
  ),
  requestSignatureVerification: s.nullable(
    s.object({
      allowedWeakAlgorithms: s.nullable(s.oneOf(["rsaSha1"])),
      isSignedRequestRequired: s.flag(false),
    }),
  ),
  addIns: s.list(
    s.object({
      id: s.guid,
      type: s.text,
      properties: s.list(s.object({ key: s.nullableText, value: s.nullableText })),
    }),
  ),
  api: s.resettable(
    s.object({
      acceptMappedClaims: s.nullableFlag,
      knownClientApplications: s.list(s.guid),
      oauth2PermissionScopes: s.list(permissionScope),
      preAuthorizedApplications: s.list(s.object({ appId: s.guid, delegatedPermissionIds: s.list(s.guid) })),
      requestedAccessTokenVersion: s.nullableInteger,
    }),
  ),
  appRoles: s.list(appRole),
  info: s.resettable(
    s.object({
      logoUrl: s.nullableText,
      marketingUrl: s.nullableText,
      privacyStatementUrl: s.nullableText,
      supportUrl: s.nullableText,
      termsOfServiceUrl: s.nullableText,
    }),
  ),
  parentalControlSettings: s.resettable(
    s.object({ countriesBlockedForMinors: s.list(s.text), legalAgeGroupRule: s.oneOf(["Allow"]) }),
  ),
  publicClient: s.resettable(redirects),
  requiredResourceAccess: s.list(
    s.object(
      {
        resourceAccess: s.list(s.object({ id: s.guid, type: s.oneOf(["Scope", "Role"]) }, ["id", "type"])),
        resourceAppId: s.guid,
      },
      ["resourceAppId"],
    ),
  ),
  web: s.resettable(
    s.object({
      homePageUrl: s.nullableText,
      implicitGrantSettings: s.resettable(
        s.object({
          enableAccessTokenIssuance: s.nullable(s.flag(false), false),
          enableIdTokenIssuance: s.nullable(s.flag(false), false),
        }),
      ),
      logoutUrl: s.nullableText,
      redirectUriSettings: s.list(s.object({ index: s.nullableInteger, uri: s.nullableText })),
      redirectUris: s.list(s.text),
    }),
  ),
  spa: s.resettable(redirects),
  oauth2RequirePostResponse: s.flag(false),
});

export type ApplicationProperties = s.BodyValue<typeof applicationBodySchema>;
