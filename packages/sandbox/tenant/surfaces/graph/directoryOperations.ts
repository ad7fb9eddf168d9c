import type { Organization } from "@microsoft/microsoft-graph-types";
import { param } from "../../core/request";
import * as s from "../../core/bodySchema";
import { findDirectoryObject } from "../../domain/directoryObjects";
import { directoryObjectNotFound } from "../../domain/directoryRefusals";
import { type DirectoryQuota, directoryQuota } from "../../domain/objectQuota";
import type { TenantProfile } from "../../domain/tenantProfile";
import type { Directory } from "../../state/directory";
import type { UserRecord } from "../../state/records";
import type { Services } from "../services";
import { directoryObjectType, directoryObjectView, userType, userView } from "./directoryObjectView";
import { readBody } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, entityAnswer, type Entity, type EntityType } from "./odataQuery";

const organizationType: EntityType = { name: "microsoft.graph.organization", onlySelected: {} };
const getByIdsSchema = s.object({ ids: s.list(s.guid), types: s.list(s.text) }, ["ids"]);

/** Users, the organisation, and objects of any type by id. */
export function directoryOperations(services: Services): readonly GraphOperation[] {
  return [
    {
      id: "graph.users.list",
      method: "GET",
      path: "/{version}/users",
      access: graphAccess.readUsers,
      handle: (directory, input) =>
        collectionAnswer(input, "users", userType, directory.users.all(), userView, {
          id: (user) => user.id,
          displayName: (user) => user.displayName,
          mail: (user) => user.mail,
          userPrincipalName: (user) => user.userPrincipalName,
        }),
    },
    {
      id: "graph.users.get",
      method: "GET",
      path: "/{version}/users/{userId}",
      access: graphAccess.readUsers,
      handle: (directory, input) =>
        entityAnswer(input, "users", userType, userView(getUser(directory, param(input, "userId")))),
    },
    {
      id: "graph.directoryObjects.get",
      method: "GET",
      path: "/{version}/directoryObjects/{objectId}",
      access: graphAccess.readDirectoryObjects,
      handle(directory, input) {
        const id = param(input, "objectId");
        const object = findDirectoryObject(directory, id.toLowerCase());
        if (object === undefined) throw directoryObjectNotFound(id);
        return entityAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          directoryObjectView(directory, object, services),
        );
      },
    },
    {
      id: "graph.directoryObjects.getByIds",
      method: "POST",
      path: "/{version}/directoryObjects/getByIds",
      access: graphAccess.readDirectoryObjects,
      effect: "read",
      handle(directory, input) {
        const { ids, types } = readBody(input, getByIdsSchema, "DirectoryObject");
        const found = ids
          .flatMap((id) => findDirectoryObject(directory, id) ?? [])
          .filter((object) => types.length === 0 || types.includes(object.kind));
        return collectionAnswer(input, "directoryObjects", directoryObjectType, found, (object) =>
          directoryObjectView(directory, object, services),
        );
      },
    },
    {
      id: "graph.organization.list",
      method: "GET",
      path: "/{version}/organization",
      access: graphAccess.readOrganization,
      handle: (directory, input) =>
        collectionAnswer(input, "organization", organizationType, [services.profile], (profile) =>
          organizationView(profile, directoryQuota(directory)),
        ),
    },
  ];
}

function getUser(directory: Directory, key: string): UserRecord {
  const wanted = key.toLowerCase();
  const user = directory.users
    .all()
    .find((one) => one.id === wanted || one.userPrincipalName.toLowerCase() === wanted);
  if (user === undefined) throw directoryObjectNotFound(key);
  return user;
}

/** Of the many properties of an organization, those that clients of this tenant read. */
function organizationView(profile: TenantProfile, directorySizeQuota: DirectoryQuota): Entity {
  const view: Organization = {
    id: profile.tenantId,
    deletedDateTime: null,
    createdDateTime: "2024-01-01T00:00:00Z",
    displayName: profile.displayName,
    tenantType: "AAD",
    verifiedDomains: [
      {
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: true,
        isInitial: true,
        name: profile.domain,
        type: "Managed",
      },
    ],
  };
  // The client library's types lack it; the service sends it.
  return { ...view, directorySizeQuota };
}
