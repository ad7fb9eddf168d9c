import { param } from "../../core/request";
import { badRequest } from "../../domain/directoryRefusals";
import { deletedItems, getDeletedItem, restoreDeletedItem } from "../../domain/recycleBin";
import type { Directory } from "../../state/directory";
import type { DeletedItemRecord } from "../../state/records";
import type { Services } from "../services";
import { applicationType, applicationView } from "./applicationView";
import { directoryObjectType } from "./directoryObjectView";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, entityAnswer, noContent, type Entity } from "./odataQuery";
import { servicePrincipalType, servicePrincipalView } from "./servicePrincipalView";

/** Objects deleted within the last 30 days. */
export function deletedItemOperations(services: Services): readonly GraphOperation[] {
  const view = (directory: Directory, item: DeletedItemRecord): Entity => {
    const when = { withKeys: false, deletedDateTime: item.deletedDateTime };
    if (item.application !== null)
      return applicationView(item.application, { domain: services.profile.domain, ...when });
    if (item.servicePrincipal === null) throw new Error(`deleted item ${item.id} holds nothing`);
    return servicePrincipalView(directory, item.servicePrincipal, {
      tenantId: services.profile.tenantId,
      ...when,
    });
  };
  const typedView = (directory: Directory, item: DeletedItemRecord): Entity => {
    const type = item.application === null ? "servicePrincipal" : "application";
    return { "@odata.type": `#microsoft.graph.${type}`, ...view(directory, item) };
  };
  return [
    {
      id: "graph.deletedItems.listApplications",
      method: "GET",
      path: "/{version}/directory/deletedItems/microsoft.graph.application",
      access: graphAccess.readDeleted,
      handle: (directory, input) =>
        collectionAnswer(
          input,
          "applications",
          applicationType,
          deletedItems(directory, input.now).filter((item) => item.application !== null),
          (item) => view(directory, item),
          {
            id: (item) => item.id,
            appId: (item) => item.application?.appId ?? null,
            displayName: (item) => item.application?.properties.displayName ?? null,
          },
        ),
    },
    {
      id: "graph.deletedItems.listServicePrincipals",
      method: "GET",
      path: "/{version}/directory/deletedItems/microsoft.graph.servicePrincipal",
      access: graphAccess.readDeleted,
      handle: (directory, input) =>
        collectionAnswer(
          input,
          "servicePrincipals",
          servicePrincipalType,
          deletedItems(directory, input.now).filter((item) => item.servicePrincipal !== null),
          (item) => view(directory, item),
          { id: (item) => item.id, appId: (item) => item.servicePrincipal?.appId ?? null },
        ),
    },
    {
      id: "graph.deletedItems.get",
      method: "GET",
      path: "/{version}/directory/deletedItems/{objectId}",
      access: graphAccess.readDeleted,
      handle(directory, input) {
        const item = getDeletedItem(directory, param(input, "objectId"), input.now);
        return entityAnswer(input, "directoryObjects", directoryObjectType, typedView(directory, item));
      },
    },
    {
      id: "graph.deletedItems.delete",
      method: "DELETE",
      path: "/{version}/directory/deletedItems/{deletedId}",
      access: graphAccess.changeDeleted,
      handle(directory, input) {
        directory.deletedItems.delete(getDeletedItem(directory, param(input, "deletedId"), input.now).id);
        return noContent(input);
      },
    },
    {
      id: "graph.deletedItems.restore",
      method: "POST",
      path: "/{version}/directory/deletedItems/{deletedId}/restore",
      access: graphAccess.changeDeleted,
      handle(directory, input) {
        if (input.body.length > 0 && input.body.toString("utf8").trim() !== "{}") {
          throw badRequest("The request body must be empty.");
        }
        const item = getDeletedItem(directory, param(input, "deletedId"), input.now);
        restoreDeletedItem(directory, item);
        return entityAnswer(input, "directoryObjects", directoryObjectType, {
          ...typedView(directory, item),
          deletedDateTime: null,
        });
      },
    },
  ];
}
