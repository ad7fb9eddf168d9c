import type { z } from "zod";
import type { Call } from "../cloud/call";
import { calls } from "../cloud/calls";
import type { DeployedClient } from "../project/deployedClient";
import type { Reading } from "../cloud/coverage";
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
import type { LiveReader } from "../cloud/liveReader";

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
  const absent = Promise.resolve({ value: "absent" } as const);
  const none = { value: [] } as const;
  const ofApplication = objectId === undefined ? undefined : { objectId };
  const ofPrincipal = servicePrincipalId === undefined ? undefined : { servicePrincipalId };
  const readApplication = ofApplication
    ? reader.oneIfThere(calls.application, liveApplication, name, ofApplication)
    : absent;
  const readPrincipal = ofPrincipal
    ? reader.oneIfThere(calls.servicePrincipal, liveServicePrincipal, name, ofPrincipal)
    : absent;
  const ownedByApplication = async <S extends z.ZodType>(call: Call, shape: S) =>
    ofApplication ? reader.all(call, shape, name, ofApplication, readApplication) : none;
  const ownedByPrincipal = async <S extends z.ZodType>(call: Call, shape: S) =>
    ofPrincipal ? reader.all(call, shape, name, ofPrincipal, readPrincipal) : none;
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
    readApplication,
    ownedByApplication(calls.applicationOwners, liveDirectoryObject),
    ownedByApplication(calls.federatedCredentials, liveFederatedCredential),
    readPrincipal,
    ownedByPrincipal(calls.servicePrincipalOwners, liveDirectoryObject),
    ownedByPrincipal(calls.consents, liveConsent),
    ownedByPrincipal(calls.appRoles, liveAppRole),
    ownedByPrincipal(calls.memberships, liveDirectoryObject),
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
