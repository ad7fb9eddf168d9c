import type { Application } from "@microsoft/microsoft-graph-types";
import type { ApplicationRecord } from "../../state/records";
import { keyView, passwordView } from "./credentialViews";
import type { Entity, EntityType } from "./odataQuery";

export const applicationType: EntityType = {
  name: "microsoft.graph.application",
  onlySelected: { "v1.0": ["oauth2RequirePostResponse"], beta: ["oauth2RequirePostResponse"] },
};

/** An application with every property that Graph sends, those without a value as null. */
export function applicationView(
  application: ApplicationRecord,
  context: { readonly domain: string; readonly withKeys: boolean; readonly deletedDateTime?: string },
): Application & Entity {
  const { properties } = application;
  const view: Application = {
    id: application.id,
    deletedDateTime: context.deletedDateTime ?? null,
    appId: application.appId,
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    createdDateTime: application.createdDateTime,
    displayName: properties.displayName,
    description: properties.description,
    groupMembershipClaims: properties.groupMembershipClaims,
    identifierUris: [...properties.identifierUris],
    isDeviceOnlyAuthSupported: properties.isDeviceOnlyAuthSupported,
    isFallbackPublicClient: properties.isFallbackPublicClient,
    nativeAuthenticationApisEnabled: properties.nativeAuthenticationApisEnabled,
    notes: properties.notes,
    publisherDomain: context.domain,
    serviceManagementReference: properties.serviceManagementReference,
    signInAudience: properties.signInAudience,
    tags: [...properties.tags],
    tokenEncryptionKeyId: properties.tokenEncryptionKeyId,
    uniqueName: null,
    samlMetadataUrl: properties.samlMetadataUrl,
    defaultRedirectUri: properties.defaultRedirectUri,
    certification: null,
    optionalClaims: properties.optionalClaims,
    servicePrincipalLockConfiguration: properties.servicePrincipalLockConfiguration,
    requestSignatureVerification: properties.requestSignatureVerification,
    addIns: [...properties.addIns],
    api: properties.api,
    appRoles: properties.appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: properties.info,
    keyCredentials: application.keys.map((key) => keyView(key, context.withKeys)),
    parentalControlSettings: properties.parentalControlSettings,
    passwordCredentials: application.passwords.map((password) => passwordView(password, null)),
    publicClient: properties.publicClient,
    requiredResourceAccess: [...properties.requiredResourceAccess],
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    web: properties.web,
    spa: properties.spa,
    oauth2RequirePostResponse: properties.oauth2RequirePostResponse,
  };
  return { ...view };
}
