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
  liveKeyCredentials,
  type LiveKeyEntry,
  liveRoleAssignment,
  liveServicePrincipal,
  type LiveServicePrincipal,
  liveSubscription,
} from "../audit/liveObjects";
import { type LiveApi, readApis } from "../audit/liveApis";
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

const membership = liveDirectoryObject.extend({ roleTemplateId: optionalText });

const deletedServicePrincipal = z.object({
  id: z.string(),
  appId: z.string(),
  deletedDateTime: optionalText,
});

const federatedCredential = liveFederatedCredential.extend({ description: optionalText });

const roleAssignment = liveRoleAssignment.extend({
  properties: liveRoleAssignment.shape.properties.extend({
    description: optionalText,
  }),
});

export type RegisteredApplication = z.infer<typeof registeredApplication>;
/** A directory role or group that a principal is in; without the right to read its type everything but the id is empty. */
export type RegisteredMembership = z.infer<typeof membership>;
export type RegisteredRole = z.infer<typeof roleAssignment>;

/** A registration as it lives in the tenant and in Azure. */
export interface LiveRegistration {
  readonly application: RegisteredApplication;
  /** Absent when the application has none yet. */
  readonly servicePrincipal?: LiveServicePrincipal;
  readonly applicationOwners: readonly LiveDirectoryObject[];
  readonly servicePrincipalOwners: readonly LiveDirectoryObject[];
  readonly certificates: readonly LiveKeyEntry[];
  readonly federatedCredentials: readonly z.infer<typeof federatedCredential>[];
  readonly consents: readonly LiveConsent[];
  readonly appRoles: readonly LiveAppRole[];
  readonly azureRoles: readonly RegisteredRole[];
  /** Directory roles and groups of the service principal. */
  readonly memberships: readonly RegisteredMembership[];
  /** Service principals of the application that can still be restored; they are looked for when it has none. */
  readonly deletedServicePrincipals: readonly z.infer<typeof deletedServicePrincipal>[];
  /** The APIs of required access, consents and app roles. */
  readonly apis: readonly LiveApi[];
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
      : reader.one(calls.certificates, liveKeyCredentials, null, { objectId }),
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
  const apis = await readApis(
    reader,
    application.requiredResourceAccess.map(({ resourceAppId }) => resourceAppId),
    [...(consents?.value ?? []), ...(appRoles?.value ?? [])].map(
      ({ resourceId }: LiveConsent | LiveAppRole) => resourceId,
    ),
  );
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
