import {
  block,
  computed,
  flag,
  integer,
  isZero,
  listOf,
  optional,
  optionalComputed,
  required,
  type Schema,
  setOf,
  text,
  textMap,
} from "../bridge/propertySchema";
import { atMost, guidOnly, notEmpty, oneOf } from "../bridge/validations";
import { isPropertyMap, type PropertyMap, type PropertyValue } from "../server/propertyValue";

function isZeroIn(holder: PropertyValue | undefined, ...names: readonly string[]): boolean {
  return !isPropertyMap(holder) || names.every((name) => isZero(holder[name]));
}

const permissionScope = block({
  id: required(text, { validate: guidOnly }),
  adminConsentDescription: optional(text, { validate: notEmpty }),
  adminConsentDisplayName: optional(text, { validate: notEmpty }),
  enabled: optional(flag, { defaultValue: true }),
  type: optional(text, { defaultValue: "User", validate: oneOf("Admin", "User") }),
  userConsentDescription: optional(text, { validate: notEmpty }),
  userConsentDisplayName: optional(text, { validate: notEmpty }),
  value: optional(text),
});

const optionalClaims = listOf(
  block({
    name: required(text, { validate: notEmpty }),
    source: optional(text),
    essential: optional(flag),
    additionalProperties: optional(listOf(text)),
  }),
);

const redirectUris = optional(setOf(text));

const implicitGrant = block({
  accessTokenIssuanceEnabled: optional(flag),
  idTokenIssuanceEnabled: optional(flag),
});

const noImplicitGrant = (grant: PropertyMap): boolean =>
  isZeroIn(grant, "accessTokenIssuanceEnabled", "idTokenIssuanceEnabled");

/** Features that are kept as well-known tags; the block can be given instead of the tags. */
const featureTags = optionalComputed(
  listOf(
    block({
      customSingleSignOn: optional(flag),
      enterprise: optional(flag),
      gallery: optional(flag),
      hide: optional(flag),
    }),
  ),
  { conflictsWith: ["tags"] },
);

/** Properties of `azuread.Application` (azuread_application of Terraform's azuread 3.8.0). */
export const applicationSchema: Schema = {
  displayName: required(text, { validate: notEmpty }),
  api: optional(
    block({
      knownClientApplications: optional(setOf(text), { validate: guidOnly }),
      mappedClaimsEnabled: optional(flag),
      oauth2PermissionScopes: optional(setOf(permissionScope)),
      requestedAccessTokenVersion: optional(integer, { defaultValue: 1 }),
    }),
    {
      saysNothing: (api) =>
        isZeroIn(api, "knownClientApplications", "mappedClaimsEnabled", "oauth2PermissionScopes") &&
        Number(api["requestedAccessTokenVersion"] ?? 0) <= 1,
    },
  ),
  appRoles: optional(
    setOf(
      block({
        id: required(text, { validate: guidOnly }),
        allowedMemberTypes: required(setOf(text), { validate: oneOf("Application", "User") }),
        description: required(text, { validate: notEmpty }),
        displayName: required(text, { validate: notEmpty }),
        enabled: optional(flag, { defaultValue: true }),
        value: optional(text),
      }),
    ),
  ),
  appRoleIds: computed(textMap),
  clientId: computed(text),
  description: optional(text, { validate: atMost(1024) }),
  deviceOnlyAuthEnabled: optional(flag),
  disabledByMicrosoft: computed(text),
  fallbackPublicClientEnabled: optional(flag),
  featureTags,
  groupMembershipClaims: optional(setOf(text), {
    validate: oneOf("None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"),
  }),
  identifierUris: optional(setOf(text), { validate: notEmpty }),
  logoImage: optional(text, { notCovered: true }),
  logoUrl: computed(text),
  marketingUrl: optional(text),
  notes: optional(text, { validate: notEmpty }),
  oauth2PermissionScopeIds: computed(textMap),
  oauth2PostResponseRequired: optional(flag),
  objectId: computed(text),
  optionalClaims: optional(
    block({
      accessTokens: optional(optionalClaims),
      idTokens: optional(optionalClaims),
      saml2Tokens: optional(optionalClaims),
    }),
    { saysNothing: (claims) => isZeroIn(claims, "accessTokens", "idTokens", "saml2Tokens") },
  ),
  owners: optional(setOf(text), { validate: guidOnly }),
  password: optional(textMap, { notCovered: true }),
  preventDuplicateNames: optional(flag, { defaultValue: false }),
  privacyStatementUrl: optional(text),
  publicClient: optional(block({ redirectUris }), {
    saysNothing: (publicClient) => isZeroIn(publicClient, "redirectUris"),
  }),
  publisherDomain: computed(text),
  requiredResourceAccesses: optional(
    setOf(
      block({
        resourceAppId: required(text),
        resourceAccesses: required(
          listOf(
            block({
              id: required(text, { validate: guidOnly }),
              type: required(text, { validate: oneOf("Role", "Scope") }),
            }),
          ),
        ),
      }),
    ),
  ),
  serviceManagementReference: optional(text),
  signInAudience: optional(text, {
    defaultValue: "AzureADMyOrg",
    validate: oneOf(
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ),
  }),
  singlePageApplication: optional(block({ redirectUris }), {
    saysNothing: (spa) => isZeroIn(spa, "redirectUris"),
  }),
  supportUrl: optional(text),
  tags: optionalComputed(setOf(text), { conflictsWith: ["featureTags"] }),
  templateId: optionalComputed(text, { forceNew: true, notCovered: true }),
  termsOfServiceUrl: optional(text),
  web: optional(
    block({
      homepageUrl: optional(text),
      logoutUrl: optional(text),
      redirectUris,
      implicitGrant: optional(implicitGrant, { saysNothing: noImplicitGrant }),
    }),
    {
      saysNothing: (web) =>
        isZeroIn(web, "redirectUris") &&
        (!isPropertyMap(web["implicitGrant"]) || noImplicitGrant(web["implicitGrant"])),
    },
  ),
};
