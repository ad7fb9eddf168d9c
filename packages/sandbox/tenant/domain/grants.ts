import type { Directory } from "../state/directory";
import type { GrantRecord } from "../state/records";
import { conflict, directoryObjectNotFound, invalidValue } from "./directoryRefusals";
import { grantId } from "./relationIds";

/** Consents to delegated permissions, for the whole tenant or for one user. */
export function createGrant(directory: Directory, request: Omit<GrantRecord, "id">): GrantRecord {
  for (const id of [request.clientId, request.resourceId]) {
    if (directory.servicePrincipals.get(id) === undefined) throw directoryObjectNotFound(id);
  }
  if (request.consentType !== "AllPrincipals" && request.consentType !== "Principal") {
    throw invalidValue("consentType", "OAuth2PermissionGrant");
  }
  if ((request.consentType === "Principal") !== (request.principalId !== null)) {
    throw invalidValue("principalId", "OAuth2PermissionGrant");
  }
  if (request.principalId !== null && directory.users.get(request.principalId) === undefined) {
    throw directoryObjectNotFound(request.principalId);
  }
  const id = grantId(request.clientId, request.resourceId, request.principalId);
  if (directory.grants.get(id) !== undefined) throw conflict("Permission entry already exists.");
  return directory.grants.put({ id, ...request });
}

export function getGrant(directory: Directory, id: string): GrantRecord {
  const grant = directory.grants.get(id);
  if (grant === undefined) throw directoryObjectNotFound(id);
  return grant;
}
