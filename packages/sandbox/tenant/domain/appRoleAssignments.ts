import * as s from "../core/bodySchema";
import type { Directory } from "../state/directory";
import type { AppRoleAssignmentRecord, ServicePrincipalRecord } from "../state/records";
import { badRequest, directoryObjectNotFound } from "./directoryRefusals";
import { toWholeSecond } from "./instants";
import { appRoleAssignmentId } from "./relationIds";
import { servicePrincipalFacts } from "./servicePrincipals";

/** "Default access", the role of applications that publish none. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

export const appRoleAssignmentSchema = s.object(
  { appRoleId: s.guid, principalId: s.guid, resourceId: s.guid },
  ["appRoleId", "principalId", "resourceId"],
);

type AppRoleAssignmentRequest = s.BodyValue<typeof appRoleAssignmentSchema>;

export function createAppRoleAssignment(
  directory: Directory,
  request: AppRoleAssignmentRequest,
  context: { readonly now: Date; readonly tenantId: string },
): AppRoleAssignmentRecord {
  const resource = directory.servicePrincipals.get(request.resourceId);
  if (resource === undefined) throw directoryObjectNotFound(request.resourceId);
  const isPrincipal = directory.servicePrincipals.get(request.principalId) !== undefined;
  if (!isPrincipal && directory.users.get(request.principalId) === undefined) {
    throw badRequest("Not a valid reference update.");
  }
  checkRole(directory, resource, request.appRoleId, isPrincipal ? "Application" : "User", context.tenantId);
  const present = directory.appRoleAssignments.all();
  if (present.some((other) => isSame(other, request))) {
    throw request.appRoleId === defaultAccess
      ? badRequest("EntitlementGrant entry already exists.", "Request_MultipleObjectsWithSameKeyValue")
      : badRequest("Permission being assigned already exists on the object", undefined, {
          code: "InvalidUpdate",
          target: "None",
        });
  }
  return directory.appRoleAssignments.put({
    id: appRoleAssignmentId(request.principalId),
    ...request,
    createdDateTime: toWholeSecond(context.now),
  });
}

/** An assignment that belongs to the service principal of the address, as resource or as principal. */
export function getAppRoleAssignment(
  directory: Directory,
  side: "resourceId" | "principalId",
  servicePrincipalId: string,
  id: string,
): AppRoleAssignmentRecord {
  const assignment = directory.appRoleAssignments.get(id);
  if (assignment?.[side] !== servicePrincipalId) throw directoryObjectNotFound(id);
  return assignment;
}

function checkRole(
  directory: Directory,
  resource: ServicePrincipalRecord,
  appRoleId: string,
  memberType: string,
  tenantId: string,
): void {
  const roles = servicePrincipalFacts(directory, resource, tenantId).appRoles;
  if (appRoleId === defaultAccess && roles.length === 0) return;
  const role = roles.find((candidate) => candidate.id === appRoleId);
  if (role?.isEnabled !== true || role.allowedMemberTypes?.includes(memberType) !== true) {
    throw badRequest("Permission being assigned was not found on application.");
  }
}

function isSame(a: AppRoleAssignmentRequest, b: AppRoleAssignmentRequest): boolean {
  return a.appRoleId === b.appRoleId && a.principalId === b.principalId && a.resourceId === b.resourceId;
}
