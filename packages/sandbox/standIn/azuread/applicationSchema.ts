import {
  block,
  computed,
  booleanType,
  integerType,
  isZero,
  listOf,
  optional,
  optionalComputed,
  required,
  type Schema,
  setOf,
  stringType,
  mapType,
} from "../bridge/propertySchema";
import { atMost, guidOnly, notEmpty, choiceOnly } from "../bridge/validations";
import { featureTags } from "./featureTags";
import { isPropertyMap, type PropertyMap, type PropertyValue } from "../server/propertyValue";

function isZeroIn(holder: PropertyValue | undefined, ...names: readonly string[]): boolean {
  return !isPropertyMap(holder) || names.every((name) => isZero(holder[name]));
}

/** Permissions that an application publishes: a client has none, and an update removes what was added by hand. */
const published = optional(setOf(mapType), { notCovered: true });

const redirectUris = optional(setOf(stringType));

const implicitGrant = block({
  accessTokenIssuanceEnabled: optional(booleanType),
  idTokenIssuanceEnabled: optional(booleanType),
});

const noImplicitGrant = (grant: PropertyMap): boolean =>
  isZeroIn(grant, "accessTokenIssuanceEnabled", "idTokenIssuanceEnabled");

/** Properties of `azuread.Application` (azuread_application of Terraform's azuread 3.8.0). */
export const applicationSchema: Schema = {
  displayName: required(stringType, { validate: notEmpty }),
  api: optional(
    block({
      knownClientApplications: optional(setOf(stringType), { validate: guidOnly }),
      mappedClaimsEnabled: optional(booleanType),
      oauth2PermissionScopes: published,
      requestedAccessTokenVersion: optional(integerType, { defaultValue: 1 }),
    }),
    {
      saysNothing: (api) =>
        isZeroIn(api, "knownClientApplications", "mappedClaimsEnabled", "oauth2PermissionScopes") &&
        Number(api["requestedAccessTokenVersion"] ?? 0) <= 1,
    },
  ),
  appRoles: published,
  appRoleIds: computed(mapType),
  clientId: computed(stringType),
  description: optional(stringType, { validate: atMost(1024) }),
  deviceOnlyAuthEnabled: optional(booleanType),
  disabledByMicrosoft: computed(stringType),
  fallbackPublicClientEnabled: optional(booleanType),
  featureTags,
  groupMembershipClaims: optional(setOf(stringType), {
    validate: choiceOnly("None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"),
  }),
  identifierUris: optional(setOf(stringType), { validate: notEmpty }),
  logoImage: optional(stringType, { notCovered: true }),
  logoUrl: computed(stringType),
  marketingUrl: optional(stringType),
  notes: optional(stringType, { validate: notEmpty }),
  oauth2PermissionScopeIds: computed(mapType),
  oauth2PostResponseRequired: optional(booleanType),
  objectId: computed(stringType),
  optionalClaims: optional(mapType, {
    notCovered: true,
    saysNothing: (claims) => isZeroIn(claims, "accessTokens", "idTokens", "saml2Tokens"),
  }),
  owners: optional(setOf(stringType), { validate: guidOnly }),
  password: optional(mapType, { notCovered: true }),
  preventDuplicateNames: optional(booleanType, { defaultValue: false }),
  privacyStatementUrl: optional(stringType),
  publicClient: optional(block({ redirectUris }), {
    saysNothing: (publicClient) => isZeroIn(publicClient, "redirectUris"),
  }),
  publisherDomain: computed(stringType),
  requiredResourceAccesses: optional(
    setOf(
      block({
        resourceAppId: required(stringType),
        resourceAccesses: required(
          listOf(
            block({
              id: required(stringType, { validate: guidOnly }),
              type: required(stringType, { validate: choiceOnly("Role", "Scope") }),
            }),
          ),
        ),
      }),
    ),
  ),
  serviceManagementReference: optional(stringType),
  signInAudience: optional(stringType, {
    defaultValue: "AzureADMyOrg",
    validate: choiceOnly(
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ),
  }),
  singlePageApplication: optional(block({ redirectUris }), {
    saysNothing: (spa) => isZeroIn(spa, "redirectUris"),
  }),
  supportUrl: optional(stringType),
  tags: optionalComputed(setOf(stringType)),
  templateId: optionalComputed(stringType, { forceNew: true, notCovered: true }),
  termsOfServiceUrl: optional(stringType),
  web: optional(
    block({
      homepageUrl: optional(stringType),
      logoutUrl: optional(stringType),
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
