import type * as azuread from "@pulumi/azuread";

/*
 * What decides whether and how somebody can sign in with a client is declared, not left to the provider's defaults: a default
 * follows the live value after a refresh, and what was changed by hand would stay (pulumi/pulumi-terraform-bridge, pull request 3356).
 */

/** Settings of every client's application: it signs in as itself, in one tenant, and on no page and no device. */
export const applicationSettings = {
  signInAudience: "AzureADMyOrg",
  deviceOnlyAuthEnabled: false,
  fallbackPublicClientEnabled: false,
  oauth2PostResponseRequired: false,
  identifierUris: [],
  groupMembershipClaims: [],
  publicClient: { redirectUris: [] },
  singlePageApplication: { redirectUris: [] },
  web: {
    redirectUris: [],
    implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
  },
  api: { mappedClaimsEnabled: false, knownClientApplications: [], requestedAccessTokenVersion: 1 },
} satisfies Omit<azuread.ApplicationArgs, "displayName">;

/** Settings of every client's service principal. */
export const servicePrincipalSettings = {
  accountEnabled: true,
  appRoleAssignmentRequired: false,
} satisfies Omit<azuread.ServicePrincipalArgs, "clientId">;
