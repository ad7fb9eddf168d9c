import { randomUUID } from "node:crypto";
import { Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";
import type { PublishedApplication, ServicePrincipalRecord } from "../state/records";
import { applicationByAppId, servicePrincipalByAppId } from "./directoryObjects";
import { badRequest, conflict } from "./directoryRefusals";
import { firstPartyApplication } from "./firstPartyApplications";
import { toWholeSecond } from "./instants";
import { checkObjectQuota } from "./objectQuota";
import { checkOwner } from "./owners";
import { servicePrincipalBodySchema, type ServicePrincipalProperties } from "./servicePrincipalProperties";

/** What is the same for a service principal whether its application lives here or elsewhere. */
export interface ServicePrincipalFacts extends PublishedApplication {
  readonly appDescription: string | null;
  readonly homepage: string | null;
  readonly logoutUrl: string | null;
  readonly replyUrls: readonly string[];
}

/** Reads a service principal's application; one whose application is gone keeps only its names. */
export function servicePrincipalFacts(
  directory: Directory,
  principal: ServicePrincipalRecord,
  tenantId: string,
): ServicePrincipalFacts {
  if (principal.published !== null) {
    return {
      ...principal.published,
      servicePrincipalNames: [principal.appId, ...principal.published.servicePrincipalNames],
      appDescription: null,
      homepage: null,
      logoutUrl: null,
      replyUrls: [],
    };
  }
  const application = applicationByAppId(directory, principal.appId)?.properties;
  const web = application?.web;
  return {
    displayName: application?.displayName ?? principal.appId,
    appDescription: application?.description ?? null,
    ownerTenantId: tenantId,
    signInAudience: application?.signInAudience ?? "AzureADMyOrg",
    servicePrincipalNames: [principal.appId, ...(application?.identifierUris ?? [])],
    appRoles: application?.appRoles ?? [],
    oauth2PermissionScopes: application?.api.oauth2PermissionScopes ?? [],
    homepage: web?.homePageUrl ?? null,
    logoutUrl: web?.logoutUrl ?? null,
    replyUrls: [
      ...(web?.redirectUris ?? []),
      ...(application?.spa.redirectUris ?? []),
      ...(application?.publicClient.redirectUris ?? []),
    ],
  };
}

/**
 * Makes the service principal of an application of this tenant, or of a first-party one.
 * @param mustBeLocal the caller may only do so for applications of this tenant (Application.ReadWrite.OwnedBy)
 */
export function createServicePrincipal(
  directory: Directory,
  appId: string,
  properties: ServicePrincipalProperties,
  ownerIds: readonly string[],
  options: {
    readonly now: Date;
    readonly createdBy: string;
    readonly hasQuota: boolean;
    readonly mustBeLocal: boolean;
  },
): ServicePrincipalRecord {
  const local = applicationByAppId(directory, appId);
  const foreign = firstPartyApplication(appId);
  if (local === undefined && options.mustBeLocal && foreign !== undefined) throw notLocal(appId);
  if (local === undefined && foreign === undefined) throw noBackingApplication(appId);
  if (servicePrincipalByAppId(directory, appId) !== undefined) {
    throw conflict(
      "The service principal cannot be created, updated, or restored because the service principal name " +
        `${appId} is already in use.`,
      { code: "ObjectConflict", target: "None" },
    );
  }
  checkObjectQuota(directory, options.hasQuota ? options.createdBy : null);
  return directory.servicePrincipals.put({
    id: randomUUID(),
    appId: appId.toLowerCase(),
    createdDateTime: toWholeSecond(options.now),
    createdBy: options.createdBy,
    properties,
    ownerIds: [...new Set(ownerIds)].map((id) => checkOwner(directory, id)),
    passwords: [],
    keys: [],
    published: local === undefined ? (foreign?.published ?? null) : null,
  });
}

/** A service principal that no caller made: nobody owns it, and it has no credentials. */
export function systemServicePrincipal(
  id: string,
  appId: string,
  published: PublishedApplication | null,
  now: Date,
): ServicePrincipalRecord {
  return {
    id,
    appId,
    createdDateTime: toWholeSecond(now),
    createdBy: null,
    properties: servicePrincipalBodySchema.initial(),
    ownerIds: [],
    passwords: [],
    keys: [],
    published,
  };
}

function noBackingApplication(appId: string): Refusal {
  const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
  return badRequest(message, undefined, { code: "NoBackingApplicationObject", target: "appId" });
}

function notLocal(appId: string): Refusal {
  return new Refusal({
    kind: "forbidden",
    code: "Authorization_RequestDenied",
    message:
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    why: `Application.ReadWrite.OwnedBy does not cover ${appId}, which is registered in another tenant`,
  });
}
