import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  applicationProperties,
  servicePrincipalProperties,
  uncomparedOfApplication,
  uncomparedOfServicePrincipal,
} from "../audit/comparedProperties";

interface Lists {
  readonly graph: Readonly<
    Record<
      | "application"
      | "servicePrincipal"
      | "apiApplication"
      | "webApplication"
      | "passwordCredential"
      | "keyCredential"
      | "federatedIdentityCredential",
      readonly string[]
    >
  >;
  readonly refresh: Readonly<Record<"application" | "servicePrincipal", readonly string[]>>;
  readonly sentWithoutSelect: Readonly<Record<"application" | "servicePrincipal", readonly string[]>>;
}

const { graph, refresh, sentWithoutSelect } = JSON.parse(
  readFileSync(join(__dirname, "graphProperties.json"), "utf8"),
) as Lists;

/** What a refresh sees of an application, by what Microsoft Graph calls it; null of what is no property of the live object. */
const applicationOutputs: Readonly<Record<string, string | null>> = {
  appRoleIds: "appRoles",
  clientId: "appId",
  deviceOnlyAuthEnabled: "isDeviceOnlyAuthSupported",
  disabledByMicrosoft: "disabledByMicrosoftStatus",
  fallbackPublicClientEnabled: "isFallbackPublicClient",
  featureTags: "tags",
  logoImage: "logo",
  logoUrl: "logo",
  marketingUrl: "info",
  oauth2PermissionScopeIds: "api",
  oauth2PostResponseRequired: "oauth2RequirePostResponse",
  objectId: "id",
  password: "passwordCredentials",
  preventDuplicateNames: null,
  privacyStatementUrl: "info",
  requiredResourceAccesses: "requiredResourceAccess",
  singlePageApplication: "spa",
  supportUrl: "info",
  templateId: "applicationTemplateId",
  termsOfServiceUrl: "info",
};

/** The same of a service principal. */
const principalOutputs: Readonly<Record<string, string | null>> = {
  appRoleIds: "appRoles",
  applicationTenantId: "appOwnerOrganizationId",
  clientId: "appId",
  featureTags: "tags",
  features: "tags",
  homepageUrl: "homepage",
  oauth2PermissionScopeIds: "oauth2PermissionScopes",
  objectId: "id",
  redirectUris: "replyUrls",
  samlSingleSignOn: "samlSingleSignOnSettings",
  // Microsoft Graph has it in beta alone.
  samlMetadataUrl: null,
  type: "servicePrincipalType",
  useExisting: null,
};

/** What rules of their own compare, of an application. */
const applicationRules = [
  "id",
  "appId",
  "keyCredentials.endDateTime",
  "keyCredentials.key",
  "keyCredentials.keyId",
  "keyCredentials.type",
  "keyCredentials.usage",
  "passwordCredentials.displayName",
  "passwordCredentials.endDateTime",
  "passwordCredentials.keyId",
  "passwordCredentials.startDateTime",
  "federatedIdentityCredentials.audiences",
  "federatedIdentityCredentials.claimsMatchingExpression",
  "federatedIdentityCredentials.id",
  "federatedIdentityCredentials.issuer",
  "federatedIdentityCredentials.name",
  "federatedIdentityCredentials.subject",
  "owners",
  "appManagementPolicies",
  "homeRealmDiscoveryPolicies",
  "tokenIssuancePolicies",
  "tokenLifetimePolicies",
] as const;

/** What rules of their own compare, of a service principal. It has no declared credentials, so all of them are findings. */
const servicePrincipalRules = [
  "id",
  "appId",
  "accountEnabled",
  "keyCredentials",
  "passwordCredentials",
  "owners",
  "memberOf",
  "oauth2PermissionGrants",
  "appRoleAssignments",
  "appManagementPolicies",
  "claimsMappingPolicies",
  "homeRealmDiscoveryPolicies",
  "tokenIssuancePolicies",
  "tokenLifetimePolicies",
] as const;

const kinds = [
  {
    of: "an application",
    properties: applicationProperties,
    sent: sentWithoutSelect.application,
    ruled: applicationRules,
    uncompared: uncomparedOfApplication,
    known: graph.application,
    nested: {
      api: graph.apiApplication,
      web: graph.webApplication,
      passwordCredentials: graph.passwordCredential,
      keyCredentials: graph.keyCredential,
      federatedIdentityCredentials: graph.federatedIdentityCredential,
    },
    refreshed: refresh.application,
    names: applicationOutputs,
  },
  {
    of: "a service principal",
    properties: servicePrincipalProperties,
    sent: sentWithoutSelect.servicePrincipal,
    ruled: servicePrincipalRules,
    uncompared: uncomparedOfServicePrincipal,
    known: graph.servicePrincipal,
    nested: {},
    refreshed: refresh.servicePrincipal,
    names: principalOutputs,
  },
] as const;

describe("what an audit compares", () => {
  for (const { of, properties, sent, ruled, uncompared, known, nested, refreshed, names } of kinds) {
    const all: readonly string[] = [
      ...properties.map(({ name }) => name),
      ...ruled,
      ...uncompared.map(({ name }) => name),
    ];
    const mentions = (name: string): boolean => all.some((one) => one === name || one.startsWith(`${name}.`));

    it(`of ${of} is every property and relation of Microsoft Graph, or is said not to be, and why`, () => {
      assert.deepEqual(
        known.filter((name) => !mentions(name)),
        [],
      );
      for (const [holder, held] of Object.entries<readonly string[]>(nested)) {
        assert.deepEqual(
          held.filter((name) => !mentions(`${holder}.${name}`)),
          [],
          holder,
        );
      }
      assert.ok(uncompared.every(({ reason }) => reason.length > 10));
    });

    it(`of ${of} names nothing that Microsoft Graph does not know, and nothing twice`, () => {
      assert.deepEqual(
        all.filter((name) => !known.includes(name.split(".")[0] ?? "")),
        [],
      );
      assert.equal(new Set(all).size, all.length);
    });

    it(`of ${of} is taken for unread when it is missing from an answer, as far as every answer has it`, () => {
      const demanded = properties.filter(({ isOptional = false }) => !isOptional).map(({ name }) => name);
      assert.deepEqual(
        demanded.filter((name) => !sent.includes(name.split(".")[0] ?? "")),
        [],
      );
      assert.ok(demanded.length > properties.length / 2);
    });

    it(`of ${of} is no less than what a refresh sees`, () => {
      assert.deepEqual(
        refreshed.filter((output) => {
          const name = output in names ? names[output] : output;
          return name !== null && !mentions(name ?? output);
        }),
        [],
      );
    });
  }
});
