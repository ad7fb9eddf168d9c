import { isGuid } from "../../../guid";
import { type Input, param } from "../../core/request";
import { notImplemented, Refusal } from "../../core/refusal";
import * as s from "../../core/bodySchema";
import { isWithin } from "../../domain/azureAccess";
import { checkScope } from "../../domain/azureScopes";
import { toInstant } from "../../domain/instants";
import { assignRole, getRoleDefinition, roleAssignmentId, roleGuid } from "../../domain/roleAssignments";
import type { Directory } from "../../state/directory";
import type { RoleAssignmentRecord, RoleDefinitionRecord } from "../../state/records";
import type { Services } from "../services";
import { readArmBody } from "./armBody";
import type { ArmOperation } from "./armOperation";
import { armAnswer } from "./armRenderer";

const assignmentSchema = s.object(
  {
    properties: s.object(
      {
        roleDefinitionId: s.text,
        principalId: s.guid,
        principalType: s.nullable(s.oneOf(["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"])),
        description: s.nullableText,
        condition: s.nullableText,
        conditionVersion: s.nullableText,
      },
      ["roleDefinitionId", "principalId"],
      ["delegatedManagedIdentityResourceId"],
    ),
  },
  ["properties"],
);

const definitionSchema = s.object(
  {
    properties: s.object(
      {
        roleName: s.text,
        description: s.text,
        type: s.oneOf(["CustomRole"]),
        permissions: s.list(
          s.object({
            actions: s.list(s.text),
            notActions: s.list(s.text),
            dataActions: s.list(s.text),
            notDataActions: s.list(s.text),
          }),
        ),
        assignableScopes: s.list(s.text),
      },
      ["roleName", "permissions", "assignableScopes"],
    ),
  },
  ["properties"],
);

/** Azure role definitions and role assignments, at any scope of the subscription. */
export function roleOperations(services: Services): readonly ArmOperation[] {
  const { profile } = services;
  const definitionId = (guid: string): string =>
    `/subscriptions/${profile.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  const scopeOf = (directory: Directory, input: Input): string => {
    const scope = `/${param(input, "scope")}`;
    checkScope(directory, scope, profile.subscriptionId);
    return scope;
  };
  const assignments = "/{scope+}/providers/Microsoft.Authorization/roleAssignments";
  const definitions = "/{scope+}/providers/Microsoft.Authorization/roleDefinitions";
  const find = (directory: Directory, input: Input): RoleAssignmentRecord | undefined =>
    directory.roleAssignments.get(
      roleAssignmentId(scopeOf(directory, input), param(input, "name")).toLowerCase(),
    );
  return [
    {
      id: "arm.roleDefinitions.list",
      method: "GET",
      path: definitions,
      access: { action: "Microsoft.Authorization/roleDefinitions/read" },
      query: ["$filter"],
      handle(directory, input) {
        scopeOf(directory, input);
        const wanted = readFilter(input, { roleName: (value) => value, type: (value) => value }, [
          "atScopeAndBelow",
        ]);
        const found = directory.roleDefinitions
          .all()
          .filter((role) => wanted.roleName === undefined || role.roleName === wanted.roleName)
          .filter(
            (role) => wanted.type === undefined || role.type.toLowerCase() === wanted.type.toLowerCase(),
          );
        return armAnswer(input, 200, {
          value: found.map((role) => definitionView(role, definitionId(role.id))),
        });
      },
    },
    ...[definitions, "/providers/Microsoft.Authorization/roleDefinitions"].map(
      (path, index): ArmOperation => ({
        id: index === 0 ? "arm.roleDefinitions.get" : "arm.roleDefinitions.getById",
        method: "GET",
        path: `${path}/{roleId}`,
        access: { action: index === 0 ? "Microsoft.Authorization/roleDefinitions/read" : null },
        handle(directory, input) {
          const role = getRoleDefinition(directory, param(input, "roleId"), "notFound");
          const id = index === 0 ? definitionId(role.id) : `${path}/${role.id}`;
          return armAnswer(input, 200, definitionView(role, id));
        },
      }),
    ),
    {
      id: "arm.roleDefinitions.put",
      method: "PUT",
      path: `${definitions}/{roleId}`,
      access: { action: "Microsoft.Authorization/roleDefinitions/write" },
      handle(directory, input) {
        scopeOf(directory, input);
        const role = putDefinition(directory, input);
        return armAnswer(input, 201, definitionView(role, definitionId(role.id)));
      },
    },
    {
      id: "arm.roleDefinitions.delete",
      method: "DELETE",
      path: `${definitions}/{roleId}`,
      access: {
        action: "Microsoft.Authorization/roleDefinitions/delete",
        // Source: learn.microsoft.com/azure/role-based-access-control/custom-roles, "Who can create, delete, update, or view a custom role"
        scopes: (directory, input) =>
          directory.roleDefinitions.get(param(input, "roleId").toLowerCase())?.assignableScopes ?? [
            `/${param(input, "scope")}`,
          ],
      },
      handle(directory, input) {
        scopeOf(directory, input);
        const role = directory.roleDefinitions.get(param(input, "roleId").toLowerCase());
        if (role === undefined) return armAnswer(input, 204);
        deleteDefinition(directory, role);
        return armAnswer(input, 200, definitionView(role, definitionId(role.id)));
      },
    },
    {
      id: "arm.roleAssignments.list",
      method: "GET",
      path: assignments,
      access: { action: "Microsoft.Authorization/roleAssignments/read" },
      query: ["$filter"],
      handle(directory, input) {
        const scope = scopeOf(directory, input);
        const lower = (value: string): string => value.toLowerCase();
        const wanted = readFilter(input, { principalId: lower, assignedTo: lower }, ["atScope"]);
        const principalId = wanted.principalId ?? wanted.assignedTo;
        const found = directory.roleAssignments
          .all()
          .filter((assignment) => isWithin(scope, assignment.scope) || isWithin(assignment.scope, scope))
          .filter((assignment) => wanted.atScope === undefined || isWithin(scope, assignment.scope))
          .filter((assignment) => principalId === undefined || assignment.principalId === principalId);
        return armAnswer(input, 200, {
          value: found.map((assignment) =>
            assignmentView(assignment, definitionId(assignment.roleDefinitionId)),
          ),
        });
      },
    },
    {
      id: "arm.roleAssignments.get",
      method: "GET",
      path: `${assignments}/{name}`,
      access: { action: "Microsoft.Authorization/roleAssignments/read" },
      handle(directory, input) {
        const assignment = find(directory, input);
        if (assignment === undefined) {
          throw new Refusal({
            kind: "notFound",
            code: "RoleAssignmentNotFound",
            message: `The role assignment '${param(input, "name")}' is not found.`,
          });
        }
        return armAnswer(input, 200, assignmentView(assignment, definitionId(assignment.roleDefinitionId)));
      },
    },
    {
      id: "arm.roleAssignments.put",
      method: "PUT",
      path: `${assignments}/{name}`,
      access: {
        action: "Microsoft.Authorization/roleAssignments/write",
        attributes(_directory, input) {
          const { roleDefinitionId, principalId, principalType } = readArmBody(
            input,
            assignmentSchema,
          ).properties;
          const request = { RoleDefinitionId: roleGuid(roleDefinitionId), PrincipalId: principalId };
          return {
            request: principalType === null ? request : { ...request, PrincipalType: principalType },
            resource: {},
          };
        },
      },
      handle(directory, input, caller) {
        const scope = scopeOf(directory, input);
        const name = param(input, "name");
        if (!isGuid(name)) {
          throw new Refusal({
            kind: "badRequest",
            code: "InvalidRoleAssignmentId",
            message: `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
          });
        }
        const { properties } = readArmBody(input, assignmentSchema);
        const { assignment, created } = assignRole(
          directory,
          { name, scope, ...properties },
          { now: input.now, callerId: caller.objectId, tenantId: profile.tenantId },
        );
        const view = assignmentView(assignment, definitionId(assignment.roleDefinitionId));
        return armAnswer(input, created ? 201 : 200, view);
      },
    },
    {
      id: "arm.roleAssignments.delete",
      method: "DELETE",
      path: `${assignments}/{name}`,
      access: {
        action: "Microsoft.Authorization/roleAssignments/delete",
        attributes(directory, input) {
          const assignment = find(directory, input);
          const resource =
            assignment === undefined
              ? {}
              : {
                  RoleDefinitionId: assignment.roleDefinitionId,
                  PrincipalId: assignment.principalId,
                  PrincipalType: assignment.principalType,
                };
          return { request: {}, resource };
        },
      },
      handle(directory, input) {
        const assignment = find(directory, input);
        if (assignment === undefined) return armAnswer(input, 204);
        directory.roleAssignments.delete(assignment.id);
        return armAnswer(input, 200, assignmentView(assignment, definitionId(assignment.roleDefinitionId)));
      },
    },
  ];
}

function putDefinition(directory: Directory, input: Input): RoleDefinitionRecord {
  const id = param(input, "roleId").toLowerCase();
  const { properties } = readArmBody(input, definitionSchema);
  const before = directory.roleDefinitions.get(id);
  if (before?.type === "BuiltInRole") {
    throw new Refusal({
      kind: "forbidden",
      code: "RoleDefinitionUpdateNotPermitted",
      message: `The role definition '${id}' is built-in and cannot be updated.`,
    });
  }
  const [permission, ...more] = properties.permissions;
  if (permission === undefined || more.length > 0 || !isGuid(id)) {
    throw new Refusal({
      kind: "badRequest",
      code: "InvalidRoleDefinition",
      message: "A role definition has a GUID as name and exactly one entry in permissions.",
    });
  }
  const now = toInstant(input.now);
  return directory.roleDefinitions.put({
    id,
    roleName: properties.roleName,
    description: properties.description,
    type: "CustomRole",
    ...permission,
    assignableScopes: properties.assignableScopes,
    createdOn: before?.createdOn ?? now,
    updatedOn: now,
  });
}

/**
 * Takes a custom role away.
 * Source of the refusals: learn.microsoft.com/azure/role-based-access-control/troubleshooting, "Custom roles"
 */
function deleteDefinition(directory: Directory, { id, type }: RoleDefinitionRecord): void {
  if (type === "BuiltInRole") {
    throw new Refusal({
      kind: "forbidden",
      code: "RoleDefinitionUpdateNotPermitted",
      message: `The role definition '${id}' is built-in and cannot be deleted.`,
    });
  }
  const used = directory.roleAssignments.all().some(({ roleDefinitionId }) => roleDefinitionId === id);
  if (used) {
    throw new Refusal({
      kind: "badRequest",
      code: "RoleDefinitionHasAssignments",
      message: "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments)",
    });
  }
  directory.roleDefinitions.delete(id);
}

type Filter<Name extends string, Flag extends string> = { [N in Name]?: string } & { [F in Flag]?: true };

/** Reads `name eq 'value'`, `name('value')` and `flag()`, joined by `and`. */
function readFilter<Name extends string, Flag extends string>(
  input: Input,
  names: Readonly<Record<Name, (value: string) => string>>,
  flags: readonly Flag[],
): Filter<Name, Flag> {
  const filter = input.query.get("$filter");
  const result: Record<string, string | true> = {};
  for (const clause of filter === null || filter === "" ? [] : filter.split(/\s+and\s+/)) {
    const [, name, value] =
      /^\s*(\w+)\s*(?:eq\s*'([^']*)'|\('([^']*)'\))\s*$/.exec(clause)?.filter((part) => part) ?? [];
    const flagName = /^\s*(\w+)\(\)\s*$/.exec(clause)?.[1];
    const known = (Object.keys(names) as Name[]).find((one) => one.toLowerCase() === name?.toLowerCase());
    const knownFlag = flags.find((one) => one.toLowerCase() === flagName?.toLowerCase());
    if (known !== undefined && value !== undefined) result[known] = names[known](value);
    else if (knownFlag !== undefined) result[knownFlag] = true;
    else throw notImplemented(`the $filter '${filter ?? ""}' of ${input.operation}`);
  }
  return result as Filter<Name, Flag>;
}

function assignmentView(assignment: RoleAssignmentRecord, roleDefinitionId: string): object {
  return {
    properties: {
      roleDefinitionId,
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope,
      condition: assignment.condition,
      conditionVersion: assignment.conditionVersion,
      createdOn: assignment.createdOn,
      updatedOn: assignment.updatedOn,
      createdBy: assignment.createdBy,
      updatedBy: assignment.updatedBy,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description,
    },
    id: roleAssignmentId(assignment.scope, assignment.name),
    type: "Microsoft.Authorization/roleAssignments",
    name: assignment.name,
  };
}

function definitionView(role: RoleDefinitionRecord, id: string): object {
  const { actions, notActions, dataActions, notDataActions } = role;
  return {
    properties: {
      roleName: role.roleName,
      type: role.type,
      description: role.description,
      assignableScopes: role.assignableScopes,
      permissions: [{ actions, notActions, dataActions, notDataActions }],
      createdOn: role.createdOn,
      updatedOn: role.updatedOn,
      createdBy: null,
      updatedBy: null,
    },
    id,
    type: "Microsoft.Authorization/roleDefinitions",
    name: role.id,
  };
}
