import type { z } from "zod";
import type { CloudCall } from "../cloud/call";
import type { CallParameters } from "../cloud/callAddress";
import { calls } from "../cloud/calls";
import type { DeployedClient, LastKnownIds } from "../project/deployedClient";
import { type Reading, presentOf } from "../cloud/coverage";
import {
  comparableApplication,
  comparableServicePrincipal,
  type LiveApplication,
  liveAppRole,
  type LiveAppRole,
  liveConsent,
  type LiveConsent,
  liveDirectoryObject,
  type LiveDirectoryObject,
  liveFederatedCredential,
  type LiveFederatedCredential,
  liveKeyCredentials,
  type LiveKeyEntry,
  type LiveServicePrincipal,
} from "./liveObjects";
import type { LiveReader } from "../cloud/liveReader";
import { readIdentityCredentials } from "./identityCredentials";

/** A client as it is in the tenant. Parts that could not be read are undefined. */
export interface LiveClient {
  /** Ids of what was read, also of what the state has lost. */
  readonly ids: LastKnownIds;
  readonly application: Reading<LiveApplication | "absent">;
  /** The application's certificates, with their keys. */
  readonly keys: Reading<readonly LiveKeyEntry[]>;
  readonly servicePrincipal: Reading<LiveServicePrincipal | "absent">;
  /** The service principal's own certificates, with their keys. */
  readonly principalKeys: Reading<readonly LiveKeyEntry[]>;
  readonly applicationOwners: Reading<readonly LiveDirectoryObject[]>;
  readonly servicePrincipalOwners: Reading<readonly LiveDirectoryObject[]>;
  /** Of the application; of a client that is a managed identity, of the identity. */
  readonly federatedCredentials: Reading<readonly LiveFederatedCredential[]>;
  readonly consents: Reading<readonly LiveConsent[]>;
  readonly appRoles: Reading<readonly LiveAppRole[]>;
  readonly memberships: Reading<readonly LiveDirectoryObject[]>;
}

const none = { value: [] } as const;

/** A client's secrets and certificates as they are in the tenant. */
export type LiveCredentials = Pick<LiveClient, "application" | "keys" | "servicePrincipal">;

/** Reads a client's secrets and certificates alone: two requests, and one more for the keys of certificates. */
export async function readLiveCredentials(
  reader: LiveReader,
  deployed: DeployedClient,
): Promise<LiveCredentials> {
  const found = await findObjects(reader, deployed);
  const keys = await readKeys(reader, deployed.name, found.application, (objectId) => [
    calls.certificates,
    { objectId },
  ]);
  return { ...found, keys };
}

/**
 * Reads a client by the ids that its deployment has left, and by its client id what the state has lost: eight requests, when no
 * collection has more than a page, and one more for the keys of certificates of either; six when it is a managed identity.
 */
export async function readLiveClient(reader: LiveReader, deployed: DeployedClient): Promise<LiveClient> {
  const { name, lastKnown } = deployed;
  const found = await findObjects(reader, deployed);
  const application = found.application?.value;
  const principal = found.servicePrincipal?.value;
  const applicationId = application === "absent" ? undefined : (application?.id ?? lastKnown.objectId);
  const principalId = principal === "absent" ? undefined : (principal?.id ?? lastKnown.servicePrincipalId);
  const clientId = application === "absent" ? lastKnown.clientId : (application?.appId ?? lastKnown.clientId);
  const ofApplication = async <S extends z.ZodType>(call: CloudCall, shape: S) =>
    applicationId === undefined
      ? none
      : reader.all(call, shape, name, { objectId: applicationId }, Promise.resolve(found.application));
  const ofPrincipal = async <S extends z.ZodType>(call: CloudCall, shape: S) =>
    principalId === undefined
      ? none
      : reader.all(
          call,
          shape,
          name,
          { servicePrincipalId: principalId },
          Promise.resolve(found.servicePrincipal),
        );
  const [
    keys,
    principalKeys,
    applicationOwners,
    federatedCredentials,
    servicePrincipalOwners,
    consents,
    appRoles,
    memberships,
  ] = await Promise.all([
    readKeys(reader, name, found.application, (id) => [calls.certificates, { objectId: id }]),
    readKeys(
      reader,
      name,
      deployed.isManagedIdentity ? { value: "absent" } : found.servicePrincipal,
      (id) => [calls.principalCertificates, { servicePrincipalId: id }],
    ),
    ofApplication(calls.applicationOwners, liveDirectoryObject),
    deployed.isManagedIdentity
      ? readIdentityCredentials(reader, name, found.servicePrincipal)
      : ofApplication(calls.federatedCredentials, liveFederatedCredential),
    ofPrincipal(calls.servicePrincipalOwners, liveDirectoryObject),
    ofPrincipal(calls.consents, liveConsent),
    ofPrincipal(calls.appRoles, liveAppRole),
    ofPrincipal(calls.memberships, liveDirectoryObject),
  ]);
  return {
    ids: {
      ...(clientId === undefined ? {} : { clientId }),
      ...(applicationId === undefined ? {} : { objectId: applicationId }),
      ...(principalId === undefined ? {} : { servicePrincipalId: principalId }),
    },
    ...found,
    keys,
    principalKeys,
    applicationOwners,
    servicePrincipalOwners,
    federatedCredentials,
    consents,
    appRoles,
    memberships,
  };
}

/** The two objects by their ids; one whose id is not known, or that is not there any more, by the client id. */
async function findObjects(
  reader: LiveReader,
  { name, lastKnown, isManagedIdentity }: DeployedClient,
): Promise<Pick<LiveClient, "application" | "servicePrincipal">> {
  const { clientId, objectId, servicePrincipalId } = lastKnown;
  const absent = Promise.resolve({ value: "absent" } as const);
  const [byId, principalById] = await Promise.all([
    objectId === undefined
      ? absent
      : reader.oneIfThere(calls.application, comparableApplication, name, { objectId }),
    servicePrincipalId === undefined
      ? absent
      : reader.oneIfThere(calls.servicePrincipal, comparableServicePrincipal, name, { servicePrincipalId }),
  ]);
  const ofClient = async <S extends z.ZodType>(
    call: CloudCall,
    shape: S,
    id: string | undefined,
  ): Promise<Reading<z.infer<S> | "absent">> => {
    if (id === undefined) return { value: "absent" };
    const listed = await reader.all(call, shape, name, { clientId: id });
    return listed && { value: listed.value[0] ?? "absent" };
  };
  const application =
    byId?.value === "absent" && !isManagedIdentity
      ? await ofClient(
          calls.applicationsByClientId,
          comparableApplication,
          clientId ?? presentOf(principalById)?.appId,
        )
      : byId;
  const servicePrincipal =
    principalById?.value === "absent"
      ? await ofClient(
          calls.servicePrincipalsByClientId,
          comparableServicePrincipal,
          clientId ?? presentOf(application)?.appId,
        )
      : principalById;
  return { application, servicePrincipal };
}

/** The keys themselves come only when they alone are asked for, and seldom often: no more than 150 times a minute in a tenant. */
async function readKeys(
  reader: LiveReader,
  name: string,
  holder: Reading<LiveApplication | LiveServicePrincipal | "absent">,
  request: (id: string) => readonly [call: CloudCall, parameters: CallParameters],
): Promise<Reading<readonly LiveKeyEntry[]>> {
  if (holder === undefined) return undefined;
  if (holder.value === "absent" || holder.value.keyCredentials.length === 0) return none;
  const [call, parameters] = request(holder.value.id);
  const read = await reader.one(call, liveKeyCredentials, name, parameters);
  return read && { value: read.value.keyCredentials };
}
