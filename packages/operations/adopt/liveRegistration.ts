import { z } from "zod";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import type { CoverageLog, Reading } from "../cloud/coverage";
import {
  liveApplication,
  liveAppRole,
  type LiveAppRole,
  liveConsent,
  type LiveConsent,
  liveDirectoryObject,
  type LiveDirectoryObject,
  liveFederatedCredential,
  liveRoleAssignment,
  liveServicePrincipal,
  type LiveServicePrincipal,
  liveSubscription,
} from "../audit/liveObjects";
import { LiveReader } from "../cloud/liveReader";
import { OperationError } from "../operationError";
import { requireComplete } from "./completeReading";

const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

/** An application that somebody has registered. */
export const registeredApplication = liveApplication.extend({
  createdDateTime: optionalText,
  passwordCredentials: z.array(
    liveApplication.shape.passwordCredentials.element.extend({
      hint: optionalText,
      customKeyIdentifier: optionalText,
    }),
  ),
});

const publishedPermission = z.object({ id: z.string(), value: optionalText });
const publishingApi = liveServicePrincipal.extend({
  oauth2PermissionScopes: z.array(publishedPermission).default([]),
  appRoles: z.array(publishedPermission).default([]),
});

const certificatesOfApplication = z.object({
  keyCredentials: z.array(
    z.object({
      keyId: z.string(),
      type: optionalText,
      usage: optionalText,
      displayName: optionalText,
      endDateTime: optionalText,
      customKeyIdentifier: optionalText,
      key: z.string().nullish(),
    }),
  ),
});

const membership = liveDirectoryObject.extend({ roleTemplateId: optionalText });

const deletedServicePrincipal = z.object({
  id: z.string(),
  appId: z.string(),
  deletedDateTime: optionalText,
});

const federatedCredential = liveFederatedCredential.extend({ description: optionalText });

const roleAssignment = liveRoleAssignment.extend({
  properties: liveRoleAssignment.shape.properties.extend({
    condition: optionalText,
    description: optionalText,
  }),
});

export type RegisteredApplication = z.infer<typeof registeredApplication>;
/** One certificate, with what Microsoft Graph sends of it: the certificate itself, in base64. */
export type RegisteredCertificate = z.infer<typeof certificatesOfApplication>["keyCredentials"][number];
export type RegisteredFederatedCredential = z.infer<typeof federatedCredential>;
/** A directory role or group that a principal is in; without the right to read its type everything but the id is empty. */
export type RegisteredMembership = z.infer<typeof membership>;
export type DeletedServicePrincipal = z.infer<typeof deletedServicePrincipal>;
export type RegisteredRole = z.infer<typeof roleAssignment>;

/** An API that the registration has to do with, as the tenant knows it. */
export interface RegisteredApi {
  readonly clientId: string;
  readonly servicePrincipalId: string;
  readonly displayName: string;
  /** Names of delegated scopes by their ids. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Names of app roles by their ids. */
  readonly roles: Readonly<Record<string, string>>;
}

/** A registration as it lives in the tenant and in Azure. */
export interface LiveRegistration {
  readonly application: RegisteredApplication;
  /** Absent when the application has none yet. */
  readonly servicePrincipal?: LiveServicePrincipal;
  readonly applicationOwners: readonly LiveDirectoryObject[];
  readonly servicePrincipalOwners: readonly LiveDirectoryObject[];
  readonly certificates: readonly RegisteredCertificate[];
  readonly federatedCredentials: readonly RegisteredFederatedCredential[];
  readonly consents: readonly LiveConsent[];
  readonly appRoles: readonly LiveAppRole[];
  readonly azureRoles: readonly RegisteredRole[];
  /** Directory roles and groups of the service principal. */
  readonly memberships: readonly RegisteredMembership[];
  /** Service principals of the application that can still be restored; they are looked for when it has none. */
  readonly deletedServicePrincipals: readonly DeletedServicePrincipal[];
  /** The APIs of required access, consents and app roles. */
  readonly apis: readonly RegisteredApi[];
}

/** What a registration is read through. */
export interface RegistrationReader {
  readonly cloud: CloudClient;
  readonly coverage: CoverageLog;
  /** A subscription that is looked at whether or not it is listed. */
  readonly subscriptionId?: string;
}

/**
 * Reads everything of a registration that a client may be made of.
 *
 * @throws OperationError when any part cannot be read: nothing is taken over on half knowledge
 */
export async function readRegistration(
  parts: RegistrationReader,
  application: RegisteredApplication,
): Promise<LiveRegistration> {
  const reader = new LiveReader(parts.cloud, parts.coverage);
  const { id: objectId, appId: clientId } = application;
  const [principals, applicationOwners, certificates, federatedCredentials] = await Promise.all([
    reader.all(calls.servicePrincipalsByClientId, liveServicePrincipal, null, { clientId }),
    reader.all(calls.applicationOwners, liveDirectoryObject, null, { objectId }),
    application.keyCredentials.length === 0
      ? { value: { keyCredentials: [] } }
      : reader.one(calls.certificates, certificatesOfApplication, null, { objectId }),
    reader.all(calls.federatedCredentials, federatedCredential, null, { objectId }),
  ]);
  const servicePrincipal = principals?.value[0];
  const servicePrincipalId = servicePrincipal?.id;
  const ofPrincipal = servicePrincipalId === undefined ? undefined : { servicePrincipalId };
  const none = { value: [] } as const;
  const [servicePrincipalOwners, consents, appRoles, azureRoles, memberships, deleted] = await Promise.all([
    ofPrincipal ? reader.all(calls.servicePrincipalOwners, liveDirectoryObject, null, ofPrincipal) : none,
    ofPrincipal ? reader.all(calls.consents, liveConsent, null, ofPrincipal) : none,
    ofPrincipal ? reader.all(calls.appRoles, liveAppRole, null, ofPrincipal) : none,
    servicePrincipalId === undefined
      ? none
      : readAzureRoles(reader, servicePrincipalId, parts.subscriptionId),
    ofPrincipal ? reader.all(calls.memberships, membership, null, ofPrincipal) : none,
    ofPrincipal ? none : reader.all(calls.deletedServicePrincipals, deletedServicePrincipal, null),
  ]);
  const apis = await readApis(reader, application, [...(consents?.value ?? []), ...(appRoles?.value ?? [])]);
  requireComplete(parts.coverage);
  return {
    application,
    ...(servicePrincipal === undefined ? {} : { servicePrincipal }),
    applicationOwners: applicationOwners?.value ?? [],
    servicePrincipalOwners: servicePrincipalOwners?.value ?? [],
    certificates: certificates?.value.keyCredentials ?? [],
    federatedCredentials: federatedCredentials?.value ?? [],
    consents: consents?.value ?? [],
    appRoles: appRoles?.value ?? [],
    azureRoles: azureRoles?.value ?? [],
    memberships: memberships?.value ?? [],
    deletedServicePrincipals: (deleted?.value ?? []).filter(
      ({ appId }) => appId.toLowerCase() === clientId.toLowerCase(),
    ),
    apis,
  };
}

/** The roles of a principal in all subscriptions that can be seen; each once, sorted by id. */
async function readAzureRoles(
  reader: LiveReader,
  principalId: string,
  configured: string | undefined,
): Promise<Reading<readonly RegisteredRole[]>> {
  const visible = await reader.all(calls.subscriptions, liveSubscription, null);
  const subscriptions = [
    ...(visible?.value.map(({ subscriptionId }) => subscriptionId) ?? []),
    ...(configured === undefined ? [] : [configured]),
  ].map((id) => id.toLowerCase());
  if (visible && subscriptions.length === 0) {
    throw new OperationError("You cannot see any subscription, so the client's Azure roles are unknown.", {
      cure: "Sign in as somebody who can read the subscription of the DICOM service, or set ARM_SUBSCRIPTION_ID.",
    });
  }
  const listings = await Promise.all(
    [...new Set(subscriptions)]
      .sort()
      .map((subscriptionId) =>
        reader.all(calls.roleAssignmentsOfClient, roleAssignment, null, { subscriptionId, principalId }),
      ),
  );
  const byId = new Map(
    listings.flatMap((listing) => listing?.value ?? []).map((one) => [one.id.toLowerCase(), one] as const),
  );
  return {
    value: [...byId.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, role]) => role),
  };
}

async function readApis(
  reader: LiveReader,
  { requiredResourceAccess }: RegisteredApplication,
  grants: readonly { readonly resourceId: string }[],
): Promise<readonly RegisteredApi[]> {
  const clientIds = new Set(requiredResourceAccess.map(({ resourceAppId }) => resourceAppId.toLowerCase()));
  const named = await Promise.all(
    [...clientIds]
      .sort()
      .map((clientId) => reader.all(calls.servicePrincipalsByClientId, publishingApi, null, { clientId })),
  );
  const byId = new Map(named.flatMap((found) => found?.value ?? []).map((api) => [api.id, api] as const));
  const further = new Set(grants.map(({ resourceId }) => resourceId).filter((id) => !byId.has(id)));
  const others = await Promise.all(
    [...further]
      .sort()
      .map((servicePrincipalId) =>
        reader.oneIfThere(calls.servicePrincipal, publishingApi, null, { servicePrincipalId }),
      ),
  );
  for (const found of others) {
    if (found !== undefined && found.value !== "absent") byId.set(found.value.id, found.value);
  }
  return [...byId.values()].map(({ id, appId, displayName, oauth2PermissionScopes, appRoles }) => ({
    clientId: appId.toLowerCase(),
    servicePrincipalId: id,
    displayName,
    scopes: namesById(oauth2PermissionScopes),
    roles: namesById(appRoles),
  }));
}

function namesById(published: readonly z.infer<typeof publishedPermission>[]): Record<string, string> {
  return Object.fromEntries(published.map(({ id, value }) => [id.toLowerCase(), value]));
}
