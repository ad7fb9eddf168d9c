import { Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";
import type { RoleAssignmentRecord, RoleDefinitionRecord } from "../state/records";
import { findDirectoryObject } from "./directoryObjects";
import { toInstant } from "./instants";
import { parseCondition } from "./roleConditions";

/** What a caller asks for when it assigns an Azure role. */
export interface RoleAssignmentRequest {
  readonly name: string;
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: string | null;
  readonly description: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
}

/** Where a role assignment lies: its key in the directory and, in the case the caller used, its resource id. */
export function roleAssignmentId(scope: string, name: string): string {
  return `${scope === "/" ? "" : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

/** The GUID at the end of a role definition's resource id. */
export function roleGuid(roleDefinitionId: string): string {
  const guid = /\/roleDefinitions\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i.exec(
    roleDefinitionId,
  )?.[1];
  if (guid === undefined) {
    throw refuse(
      "badRequest",
      "InvalidRoleDefinitionId",
      `The role definition ID '${roleDefinitionId}' is not valid.`,
    );
  }
  return guid.toLowerCase();
}

export function getRoleDefinition(
  directory: Directory,
  guid: string,
  kind: "badRequest" | "notFound",
): RoleDefinitionRecord {
  const role = directory.roleDefinitions.get(guid.toLowerCase());
  if (role === undefined) {
    throw refuse(
      kind,
      "RoleDefinitionDoesNotExist",
      `The specified role definition with ID '${undashed(guid)}' does not exist.`,
    );
  }
  return role;
}

/**
 * Assigns an Azure role, or repeats an assignment that is there.
 * @returns the record, and whether it is new
 */
export function assignRole(
  directory: Directory,
  request: RoleAssignmentRequest,
  context: { readonly now: Date; readonly callerId: string; readonly tenantId: string },
): { assignment: RoleAssignmentRecord; created: boolean } {
  const id = roleAssignmentId(request.scope, request.name).toLowerCase();
  const before = directory.roleAssignments.get(id);
  const role = getRoleDefinition(directory, roleGuid(request.roleDefinitionId), "badRequest");
  const principalId = request.principalId.toLowerCase();
  if (before !== undefined && (before.principalId !== principalId || before.roleDefinitionId !== role.id)) {
    throw refuse(
      "badRequest",
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
  }
  if (request.condition !== null) parseCondition(request.condition);
  const principalType = checkPrincipal(directory, principalId, request.principalType, context.tenantId);
  const twin = directory.roleAssignments
    .all()
    .find(
      (other) =>
        other.id !== id &&
        other.principalId === principalId &&
        other.roleDefinitionId === role.id &&
        other.scope.toLowerCase() === request.scope.toLowerCase(),
    );
  if (twin !== undefined) {
    throw refuse(
      "conflict",
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${undashed(twin.name)}.`,
    );
  }
  const now = toInstant(context.now);
  const assignment = directory.roleAssignments.put({
    id,
    name: before?.name ?? request.name,
    scope: before?.scope ?? request.scope,
    roleDefinitionId: role.id,
    principalId,
    principalType,
    description: request.description,
    condition: request.condition,
    conditionVersion: request.condition === null ? null : (request.conditionVersion ?? "2.0"),
    createdOn: before?.createdOn ?? now,
    updatedOn: now,
    createdBy: before?.createdBy ?? context.callerId,
    updatedBy: context.callerId,
  });
  return { assignment, created: before === undefined };
}

function checkPrincipal(directory: Directory, id: string, wanted: string | null, tenantId: string): string {
  const object = findDirectoryObject(directory, id);
  if (object === undefined || object.kind === "application") {
    throw refuse(
      "badRequest",
      "PrincipalNotFound",
      `Principal ${undashed(id)} does not exist in the directory ${tenantId}. Check that you have the correct principal ID. ` +
        "If you are creating this principal and then immediately assigning a role, this error might be related to a replication " +
        "delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  " +
        "See https://aka.ms/docs-principaltype",
    );
  }
  const type = object.kind === "user" ? "User" : "ServicePrincipal";
  if (wanted !== null && wanted.toLowerCase() !== type.toLowerCase()) {
    throw refuse(
      "badRequest",
      "UnmatchedPrincipalType",
      `The PrincipalId '${undashed(id)}' has type '${type}', which is different from specified PrinciaplType '${wanted}'.`,
    );
  }
  return type;
}

function undashed(guid: string): string {
  return guid.replaceAll("-", "");
}

function refuse(kind: "badRequest" | "conflict" | "notFound", code: string, message: string): Refusal {
  return new Refusal({ kind, code, message });
}
