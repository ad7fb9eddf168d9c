import type { User } from "@microsoft/microsoft-graph-types";
import type { DirectoryObject } from "../../domain/directoryObjects";
import type { Directory } from "../../state/directory";
import type { UserRecord } from "../../state/records";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { applicationType, applicationView } from "./applicationView";
import { graphAccess, mayRead } from "./graphOperation";
import type { Entity, EntityType } from "./odataQuery";
import { servicePrincipalView } from "./servicePrincipalView";

export const directoryObjectType: EntityType = {
  name: "microsoft.graph.directoryObject",
  onlySelected: applicationType.onlySelected,
};
export const userType: EntityType = { name: "microsoft.graph.user", onlySelected: {} };

/** A user with the properties that Graph sends unless asked for others. */
export function userView({ directoryRoles: _roles, ...user }: UserRecord): Entity {
  const view: User = {
    businessPhones: [],
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    ...user,
  };
  return { ...view };
}

/** Any object as a member of a mixed collection, with its type. */
export function directoryObjectView(
  directory: Directory,
  object: DirectoryObject,
  services: Services,
): Entity {
  switch (object.kind) {
    case "user":
      return { "@odata.type": "#microsoft.graph.user", ...userView(object.record) };
    case "application":
      return {
        "@odata.type": "#microsoft.graph.application",
        ...applicationView(object.record, { domain: services.profile.domain, withKeys: false }),
      };
    case "servicePrincipal":
      return {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        ...servicePrincipalView(directory, object.record, {
          tenantId: services.profile.tenantId,
          withKeys: false,
        }),
      };
  }
}

/**
 * An object as a member of a collection, with its type and id alone when the caller may not read such objects (Microsoft Graph
 * permissions overview, "Limited information returned for inaccessible member objects").
 */
export function memberView(
  directory: Directory,
  object: DirectoryObject,
  services: Services,
  caller: Caller,
): Entity {
  const view = directoryObjectView(directory, object, services);
  const isReadable = object.kind !== "user" || mayRead(caller, graphAccess.readUsers);
  return isReadable ? view : limited(view);
}

/** Everything null but type and id. */
export function limited(view: Entity): Entity {
  return Object.fromEntries(
    Object.entries(view).map(([key, value]) => [key, key === "id" || key === "@odata.type" ? value : null]),
  );
}
