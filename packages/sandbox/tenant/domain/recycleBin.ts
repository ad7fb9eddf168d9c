import type { Directory } from "../state/directory";
import type { ApplicationRecord, DeletedItemRecord, ServicePrincipalRecord } from "../state/records";
import { servicePrincipalByAppId } from "./directoryObjects";
import { conflict, directoryObjectNotFound } from "./directoryRefusals";
import { toWholeSecond } from "./instants";

/** How long a deleted object can be restored, in milliseconds: 30 days (Microsoft Graph reference, deletedItems). */
const retention = 30 * 24 * 60 * 60 * 1000;

/** Soft-deletes an application and, as the home tenant does, its service principal. */
export function deleteApplication(directory: Directory, application: ApplicationRecord, now: Date): void {
  const principal = servicePrincipalByAppId(directory, application.appId);
  if (principal !== undefined) deleteServicePrincipal(directory, principal, now);
  directory.applications.delete(application.id);
  directory.deletedItems.put({
    id: application.id,
    deletedDateTime: toWholeSecond(now),
    application,
    servicePrincipal: null,
    grants: [],
    appRoleAssignments: [],
  });
}

/** Soft-deletes a service principal with the grants and app role assignments on either side of it. */
export function deleteServicePrincipal(
  directory: Directory,
  principal: ServicePrincipalRecord,
  now: Date,
): void {
  const grants = directory.grants
    .all()
    .filter((grant) => [grant.clientId, grant.resourceId].includes(principal.id));
  const appRoleAssignments = directory.appRoleAssignments
    .all()
    .filter((assignment) => [assignment.principalId, assignment.resourceId].includes(principal.id));
  grants.forEach((grant) => {
    directory.grants.delete(grant.id);
  });
  appRoleAssignments.forEach((assignment) => {
    directory.appRoleAssignments.delete(assignment.id);
  });
  directory.servicePrincipals.delete(principal.id);
  directory.deletedItems.put({
    id: principal.id,
    deletedDateTime: toWholeSecond(now),
    application: null,
    servicePrincipal: principal,
    grants,
    appRoleAssignments,
  });
}

/** Deleted objects that can still be restored. */
export function deletedItems(directory: Directory, now: Date): readonly DeletedItemRecord[] {
  return directory.deletedItems.all().filter((item) => now < restorableUntil(item));
}

/** When a deleted object is gone for good. */
export function restorableUntil(item: DeletedItemRecord): Date {
  return new Date(Date.parse(item.deletedDateTime) + retention);
}

export function getDeletedItem(directory: Directory, id: string, now: Date): DeletedItemRecord {
  const item = deletedItems(directory, now).find((candidate) => candidate.id === id.toLowerCase());
  if (item === undefined) throw directoryObjectNotFound(id);
  return item;
}

/** Brings an object back with those of its relations whose other end still exists. */
export function restoreDeletedItem(directory: Directory, item: DeletedItemRecord): void {
  if (item.application !== null) directory.applications.put(item.application);
  if (item.servicePrincipal !== null) {
    if (servicePrincipalByAppId(directory, item.servicePrincipal.appId) !== undefined) {
      throw conflict(
        "The service principal cannot be created, updated, or restored because the service principal name " +
          `${item.servicePrincipal.appId} is already in use.`,
      );
    }
    directory.servicePrincipals.put(item.servicePrincipal);
    const exists = (id: string): boolean =>
      directory.servicePrincipals.get(id) !== undefined || directory.users.get(id) !== undefined;
    item.grants
      .filter((grant) => exists(grant.clientId) && exists(grant.resourceId))
      .forEach((grant) => directory.grants.put(grant));
    item.appRoleAssignments
      .filter((assignment) => exists(assignment.principalId) && exists(assignment.resourceId))
      .forEach((assignment) => directory.appRoleAssignments.put(assignment));
  }
  directory.deletedItems.delete(item.id);
}

/** Forgets what has been deleted for 30 days. */
export function purgeDeletedItems(directory: Directory, now: Date): void {
  directory.deletedItems
    .all()
    .filter((item) => now >= restorableUntil(item))
    .forEach((item) => {
      directory.deletedItems.delete(item.id);
    });
}
