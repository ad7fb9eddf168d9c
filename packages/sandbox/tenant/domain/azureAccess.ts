import type { Directory } from "../state/directory";
import type { RoleAssignmentRecord, RoleDefinitionRecord } from "../state/records";

/** Whether `scope` is `outer` or lies within it. */
export function isWithin(scope: string, outer: string): boolean {
  const inner = trim(scope);
  const around = trim(outer);
  return around === "" || inner === around || inner.startsWith(`${around}/`);
}

/** The role assignments that say something about a principal at a scope, inherited ones included. */
function assignmentsFor(
  directory: Directory,
  principalId: string,
  scope: string,
): readonly RoleAssignmentRecord[] {
  return directory.roleAssignments
    .all()
    .filter((assignment) => assignment.principalId === principalId && isWithin(scope, assignment.scope));
}

/** A role assignment that allows the action, with its role. */
export interface AllowedBy {
  readonly assignment: RoleAssignmentRecord;
  readonly role: RoleDefinitionRecord;
}

/**
 * The assignments by which a principal may do something at a scope.
 * @param kind `actions` for the management plane, `dataActions` for data
 */
export function allowing(
  directory: Directory,
  principalId: string,
  kind: "actions" | "dataActions",
  action: string,
  scope: string,
): readonly AllowedBy[] {
  const excluded = kind === "actions" ? "notActions" : "notDataActions";
  return assignmentsFor(directory, principalId, scope).flatMap((assignment) => {
    const role = directory.roleDefinitions.get(assignment.roleDefinitionId);
    if (role === undefined) return [];
    const covers = (patterns: readonly string[]): boolean =>
      patterns.some((pattern) => matches(pattern, action));
    return covers(role[kind]) && !covers(role[excluded]) ? [{ assignment, role }] : [];
  });
}

/** Compares an operation with a role's pattern, in which `*` stands for anything. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

function trim(scope: string): string {
  return scope.toLowerCase().replace(/\/+$/, "");
}
