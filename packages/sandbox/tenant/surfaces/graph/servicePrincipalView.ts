import type { ServicePrincipal } from "@microsoft/microsoft-graph-types";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { Directory } from "../../state/directory";
import type { DeepReadonly, ServicePrincipalRecord } from "../../state/records";
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
): Entity {
  const { id, appId, properties, isManagedIdentity = false } = principal;
  const { ownerTenantId, ...facts } = servicePrincipalFacts(directory, principal, context.tenantId);
  const view: DeepReadonly<ServicePrincipal> = {
    id,
    deletedDateTime: context.deletedDateTime ?? null,
    appId,
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    ...properties,
    ...facts,
    appDisplayName: facts.displayName,
    appOwnerOrganizationId: isManagedIdentity ? null : ownerTenantId,
    appRoles: facts.appRoles.map((role) => ({ ...role, origin: "Application" })),
    servicePrincipalType: isManagedIdentity ? "ManagedIdentity" : "Application",
    signInAudience: isManagedIdentity ? null : facts.signInAudience,
    addIns: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    keyCredentials: principal.keys.map((key) => keyView(key, context.withKeys)),
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
