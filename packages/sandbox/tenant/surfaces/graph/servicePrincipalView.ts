import type { ServicePrincipal } from "@microsoft/microsoft-graph-types";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { Directory } from "../../state/directory";
import type { ServicePrincipalRecord } from "../../state/records";
import { attributesView } from "./customSecurityAttributes";
import { keyView, passwordView } from "./credentialViews";
import type { Entity, EntityType } from "./odataQuery";

export const servicePrincipalType: EntityType = {
  name: "microsoft.graph.servicePrincipal",
  onlySelected: {
    "v1.0": ["customSecurityAttributes"],
    beta: ["customSecurityAttributes", "samlMetadataUrl"],
  },
};

/** A service principal with every property that Graph sends, those without a value as null. */
export function servicePrincipalView(
  directory: Directory,
  principal: ServicePrincipalRecord,
  context: { readonly tenantId: string; readonly withKeys: boolean; readonly deletedDateTime?: string },
): ServicePrincipal & Entity {
  const { properties, isManagedIdentity = false } = principal;
  const facts = servicePrincipalFacts(directory, principal, context.tenantId);
  const view: ServicePrincipal = {
    id: principal.id,
    deletedDateTime: context.deletedDateTime ?? null,
    accountEnabled: properties.accountEnabled,
    alternativeNames: [...properties.alternativeNames],
    appDisplayName: facts.displayName,
    appDescription: facts.appDescription,
    appId: principal.appId,
    applicationTemplateId: null,
    appOwnerOrganizationId: isManagedIdentity ? null : facts.ownerTenantId,
    appRoleAssignmentRequired: properties.appRoleAssignmentRequired,
    description: properties.description,
    disabledByMicrosoftStatus: null,
    displayName: facts.displayName,
    homepage: facts.homepage,
    loginUrl: properties.loginUrl,
    logoutUrl: facts.logoutUrl,
    notes: properties.notes,
    notificationEmailAddresses: [...properties.notificationEmailAddresses],
    preferredSingleSignOnMode: properties.preferredSingleSignOnMode,
    preferredTokenSigningKeyThumbprint: properties.preferredTokenSigningKeyThumbprint,
    replyUrls: [...facts.replyUrls],
    servicePrincipalNames: [...facts.servicePrincipalNames],
    servicePrincipalType: isManagedIdentity ? "ManagedIdentity" : "Application",
    signInAudience: isManagedIdentity ? null : facts.signInAudience,
    tags: [...properties.tags],
    tokenEncryptionKeyId: properties.tokenEncryptionKeyId,
    samlSingleSignOnSettings: properties.samlSingleSignOnSettings,
    addIns: [],
    appRoles: facts.appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    keyCredentials: principal.keys.map((key) => keyView(key, context.withKeys)),
    oauth2PermissionScopes: [...facts.oauth2PermissionScopes],
    passwordCredentials: principal.passwords.map((password) => passwordView(password, null)),
    resourceSpecificApplicationPermissions: [],
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  };
  return {
    ...view,
    createdDateTime: principal.createdDateTime,
    customSecurityAttributes: attributesView(principal),
  };
}
