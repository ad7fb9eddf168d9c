import type { DirectoryRole as DirectoryRoleView } from "@microsoft/microsoft-graph-types";
import { param } from "../../core/exchange";
import { getServicePrincipal } from "../../domain/directoryObjects";
import {
  addMember,
  directoryRoles,
  directoryRolesOf,
  getDirectoryRole,
  membersOf,
  removeMember,
  type DirectoryRole,
} from "../../domain/directoryRoles";
import { referencedId } from "../../domain/owners";
import type { Services } from "../services";
import { directoryObjectType, directoryObjectView } from "./directoryObjectView";
import { readReference } from "./graphBody";
import { both, readApplications, type GraphOperation } from "./graphOperation";
import { collectionAnswer, noContent, type Entity, type EntityType } from "./odataQuery";

const roleType: EntityType = { name: "microsoft.graph.directoryRole", onlySelected: {} };
const readRoles = [
  "RoleManagement.Read.Directory",
  "RoleManagement.ReadWrite.Directory",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
const writeRoles = ["RoleManagement.ReadWrite.Directory"];

/** Directory roles and who holds them. */
export function directoryRoleOperations(services: Services): readonly GraphOperation[] {
  const members = "/{version}/directoryRoles/{roleId}/members";
  return [
    {
      id: "graph.directoryRoles.list",
      method: "GET",
      path: "/{version}/directoryRoles",
      versions: both,
      access: { anyOf: readRoles },
      effect: "read",
      handle: (_directory, input) =>
        collectionAnswer(input, "directoryRoles", roleType, directoryRoles, roleView, {
          displayName: (role) => role.displayName,
          roleTemplateId: (role) => role.roleTemplateId,
        }),
    },
    {
      id: "graph.directoryRoles.members.list",
      method: "GET",
      path: members,
      versions: both,
      access: { anyOf: readRoles },
      effect: "read",
      handle: (directory, input) =>
        collectionAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          membersOf(directory, getDirectoryRole(param(input, "roleId"))),
          (member) => directoryObjectView(directory, member, services),
        ),
    },
    {
      id: "graph.directoryRoles.members.add",
      method: "POST",
      path: `${members}/$ref`,
      versions: both,
      access: { anyOf: writeRoles },
      effect: "write",
      handle(directory, input) {
        addMember(directory, getDirectoryRole(param(input, "roleId")), referencedId(readReference(input)));
        return noContent(input);
      },
    },
    {
      id: "graph.directoryRoles.members.remove",
      method: "DELETE",
      path: `${members}/{memberId}/$ref`,
      versions: both,
      access: { anyOf: writeRoles },
      effect: "write",
      handle(directory, input) {
        removeMember(directory, getDirectoryRole(param(input, "roleId")), param(input, "memberId"));
        return noContent(input);
      },
    },
    {
      id: "graph.servicePrincipals.memberOf",
      method: "GET",
      path: "/{version}/servicePrincipals/{servicePrincipalId}/memberOf",
      versions: both,
      access: { anyOf: readApplications },
      effect: "read",
      handle(directory, input) {
        const record = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        // This tenant has no groups, so directory roles are all that a service principal can be in.
        return collectionAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          directoryRolesOf({ kind: "servicePrincipal", record }),
          (role) => ({ "@odata.type": "#microsoft.graph.directoryRole", ...roleView(role) }),
        );
      },
    },
  ];
}

function roleView(role: DirectoryRole): Entity {
  const view: DirectoryRoleView = {
    id: role.id,
    deletedDateTime: null,
    description: role.description,
    displayName: role.displayName,
    roleTemplateId: role.roleTemplateId,
  };
  return { ...view };
}
