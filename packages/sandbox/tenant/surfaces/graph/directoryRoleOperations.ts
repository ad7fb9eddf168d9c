import type { DirectoryRole as DirectoryRoleView } from "@microsoft/microsoft-graph-types";
import { param } from "../../core/request";
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
import { directoryObjectType, limited, memberView } from "./directoryObjectView";
import { readReference } from "./graphBody";
import { graphAccess, mayRead, type GraphOperation } from "./graphOperation";
import { collectionAnswer, noContent, type Entity, type EntityType } from "./odataQuery";

const roleType: EntityType = { name: "microsoft.graph.directoryRole", onlySelected: {} };

/** Directory roles and who holds them. */
export function directoryRoleOperations(services: Services): readonly GraphOperation[] {
  const members = "/{version}/directoryRoles/{roleId}/members";
  return [
    {
      id: "graph.directoryRoles.list",
      method: "GET",
      path: "/{version}/directoryRoles",
      access: graphAccess.readDirectoryRoles,
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
      access: graphAccess.readDirectoryRoles,
      handle: (directory, input, caller) =>
        collectionAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          membersOf(directory, getDirectoryRole(param(input, "roleId"))),
          (member) => memberView(directory, member, services, caller),
        ),
    },
    {
      id: "graph.directoryRoles.members.add",
      method: "POST",
      path: `${members}/$ref`,
      access: graphAccess.changeDirectoryRoles,
      handle(directory, input) {
        addMember(directory, getDirectoryRole(param(input, "roleId")), referencedId(readReference(input)));
        return noContent(input);
      },
    },
    {
      id: "graph.directoryRoles.members.remove",
      method: "DELETE",
      path: `${members}/{memberId}/$ref`,
      access: graphAccess.changeDirectoryRoles,
      handle(directory, input) {
        removeMember(directory, getDirectoryRole(param(input, "roleId")), param(input, "memberId"));
        return noContent(input);
      },
    },
    {
      id: "graph.servicePrincipals.memberOf",
      method: "GET",
      path: "/{version}/servicePrincipals/{servicePrincipalId}/memberOf",
      access: graphAccess.read,
      handle(directory, input, caller) {
        const record = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        // This tenant has no groups, so directory roles are all that a service principal can be in.
        return collectionAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          directoryRolesOf({ kind: "servicePrincipal", record }),
          (role) => {
            const view = { "@odata.type": "#microsoft.graph.directoryRole", ...roleView(role) };
            return mayRead(caller, graphAccess.readDirectoryRoles) ? view : limited(view);
          },
        );
      },
    },
  ];
}

function roleView(role: DirectoryRole): Entity {
  const view: DirectoryRoleView = { deletedDateTime: null, ...role };
  return { ...view };
}
