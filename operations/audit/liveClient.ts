import { calls } from "../cloud/calls";
import type { DeployedClient } from "../project/deployedClient";
import type { Reading } from "./coverage";
import {
  liveApplication,
  liveAppRole,
  liveConsent,
  liveDirectoryObject,
  liveFederatedCredential,
  liveServicePrincipal,
  type LiveApplication,
  type LiveAppRole,
  type LiveConsent,
  type LiveDirectoryObject,
  type LiveFederatedCredential,
  type LiveServicePrincipal,
} from "./liveObjects";
import type { LiveReader } from "./liveReader";

/** A client as it is in the tenant. Parts that could not be read are undefined. */
export interface LiveClient {
  readonly application: Reading<LiveApplication | "absent">;
  readonly servicePrincipal: Reading<LiveServicePrincipal | "absent">;
  readonly applicationOwners: Reading<readonly LiveDirectoryObject[]>;
  readonly servicePrincipalOwners: Reading<readonly LiveDirectoryObject[]>;
  readonly federatedCredentials: Reading<readonly LiveFederatedCredential[]>;
  readonly consents: Reading<readonly LiveConsent[]>;
  readonly appRoles: Reading<readonly LiveAppRole[]>;
  readonly memberships: Reading<readonly LiveDirectoryObject[]>;
}

/** Reads a client by the ids of its deployment: eight requests, when no collection has more than a page. */
export async function readLiveClient(
  reader: LiveReader,
  { name, objectId, servicePrincipalId }: DeployedClient,
): Promise<LiveClient> {
  const absent = { value: "absent" } as const;
  const none = { value: [] } as const;
  const ofApplication = objectId === undefined ? undefined : { objectId };
  const ofPrincipal = servicePrincipalId === undefined ? undefined : { servicePrincipalId };
  const [
    application,
    applicationOwners,
    federatedCredentials,
    servicePrincipal,
    servicePrincipalOwners,
    consents,
    appRoles,
    memberships,
  ] = await Promise.all([
    ofApplication ? reader.oneIfThere(calls.application, liveApplication, name, ofApplication) : absent,
    ofApplication ? reader.all(calls.applicationOwners, liveDirectoryObject, name, ofApplication) : none,
    ofApplication
      ? reader.all(calls.federatedCredentials, liveFederatedCredential, name, ofApplication)
      : none,
    ofPrincipal ? reader.oneIfThere(calls.servicePrincipal, liveServicePrincipal, name, ofPrincipal) : absent,
    ofPrincipal ? reader.all(calls.servicePrincipalOwners, liveDirectoryObject, name, ofPrincipal) : none,
    ofPrincipal ? reader.all(calls.consents, liveConsent, name, ofPrincipal) : none,
    ofPrincipal ? reader.all(calls.appRoles, liveAppRole, name, ofPrincipal) : none,
    ofPrincipal ? reader.all(calls.memberships, liveDirectoryObject, name, ofPrincipal) : none,
  ]);
  return {
    application,
    servicePrincipal,
    applicationOwners,
    servicePrincipalOwners,
    federatedCredentials,
    consents,
    appRoles,
    memberships,
  };
}
