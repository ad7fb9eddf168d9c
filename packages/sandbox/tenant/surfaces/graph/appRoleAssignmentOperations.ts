import type { AppRoleAssignment } from "@microsoft/microsoft-graph-types";
import { param } from "../../core/request";
import {
  appRoleAssignmentSchema,
  createAppRoleAssignment,
  getAppRoleAssignment,
} from "../../domain/appRoleAssignments";
import {
  findDirectoryObject,
  getServicePrincipal,
  servicePrincipalByAppId,
} from "../../domain/directoryObjects";
import { badRequest, insufficientPrivileges } from "../../domain/directoryRefusals";
import { exceptsGraphRoles } from "../../domain/directoryRolePermissions";
import { firstPartyAppIds } from "../../domain/firstPartyApplications";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { Directory } from "../../state/directory";
import type { AppRoleAssignmentRecord } from "../../state/records";
import { type Caller, callerLabel } from "../caller";
import { resourceRoles } from "../login/resources";
import type { Services } from "../services";
import { readBody } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, type Entity, entityAnswer, type EntityType, noContent } from "./odataQuery";

const assignmentType: EntityType = { name: "microsoft.graph.appRoleAssignment", onlySelected: {} };

/** App role assignments, seen from the API (`appRoleAssignedTo`) and from the client (`appRoleAssignments`). */
export function appRoleAssignmentOperations(services: Services): readonly GraphOperation[] {
  return [
    ...operationsOf("appRoleAssignedTo", "resourceId", services),
    ...operationsOf("appRoleAssignments", "principalId", services),
  ];
}

function operationsOf(
  segment: "appRoleAssignedTo" | "appRoleAssignments",
  side: "resourceId" | "principalId",
  services: Services,
): readonly GraphOperation[] {
  const path = `/{version}/servicePrincipals/{servicePrincipalId}/${segment}`;
  const context = (servicePrincipalId: string): string =>
    `servicePrincipals('${servicePrincipalId}')/${segment}`;
  const { tenantId } = services.profile;
  return [
    {
      id: `graph.servicePrincipals.${segment}.list`,
      method: "GET",
      path,
      access: graphAccess.read,
      handle(directory, input) {
        const { id } = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        return collectionAnswer(
          input,
          context(id),
          assignmentType,
          directory.appRoleAssignments.all().filter((assignment) => assignment[side] === id),
          (assignment) => assignmentView(directory, assignment, tenantId),
        );
      },
    },
    {
      id: `graph.servicePrincipals.${segment}.create`,
      method: "POST",
      path,
      access: graphAccess.assignAppRole,
      handle(directory, input, caller) {
        const { id } = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        const request = readBody(input, appRoleAssignmentSchema, "AppRoleAssignment");
        if (request[side] !== id) throw badRequest("Not a valid reference update.");
        checkMayGive(directory, request.resourceId, caller, tenantId);
        const assignment = createAppRoleAssignment(directory, request, {
          now: input.now,
          tenantId,
        });
        const view = assignmentView(directory, assignment, tenantId);
        return entityAnswer(input, context(id), assignmentType, view, 201);
      },
    },
    {
      id: `graph.servicePrincipals.${segment}.get`,
      method: "GET",
      path: `${path}/{assignmentId}`,
      access: graphAccess.read,
      handle(directory, input) {
        const { id } = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        const assignment = getAppRoleAssignment(directory, side, id, param(input, "assignmentId"));
        return entityAnswer(
          input,
          context(id),
          assignmentType,
          assignmentView(directory, assignment, tenantId),
        );
      },
    },
    {
      id: `graph.servicePrincipals.${segment}.delete`,
      method: "DELETE",
      path: `${path}/{assignmentId}`,
      access: graphAccess.removeAppRole,
      handle(directory, input) {
        const { id } = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        directory.appRoleAssignments.delete(
          getAppRoleAssignment(directory, side, id, param(input, "assignmentId")).id,
        );
        return noContent(input);
      },
    },
  ];
}

/** Who administers applications may give their roles, but not those of Microsoft Graph. */
function checkMayGive(directory: Directory, resourceId: string, caller: Caller, tenantId: string): void {
  const graph = servicePrincipalByAppId(directory, firstPartyAppIds.microsoftGraph);
  const principal = directory.servicePrincipals.get(caller.objectId);
  if (graph?.id !== resourceId || principal === undefined) return;
  const granted = resourceRoles(directory, principal, graph, tenantId);
  if (exceptsGraphRoles(directory, caller.objectId, granted)) {
    throw insufficientPrivileges(
      `${callerLabel(caller)} administers applications, which excepts app roles of Microsoft Graph`,
    );
  }
}

function assignmentView(directory: Directory, assignment: AppRoleAssignmentRecord, tenantId: string): Entity {
  const principal = findDirectoryObject(directory, assignment.principalId);
  const resource = directory.servicePrincipals.get(assignment.resourceId);
  const view: AppRoleAssignment = {
    ...assignment,
    deletedDateTime: null,
    principalDisplayName:
      principal?.kind === "servicePrincipal"
        ? servicePrincipalFacts(directory, principal.record, tenantId).displayName
        : principal?.kind === "user"
          ? principal.record.displayName
          : null,
    principalType: principal?.kind === "user" ? "User" : "ServicePrincipal",
    resourceDisplayName:
      resource === undefined ? null : servicePrincipalFacts(directory, resource, tenantId).displayName,
  };
  return { ...view };
}
