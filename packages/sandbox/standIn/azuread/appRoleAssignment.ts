import {
  CreatedIncompletelyError,
  type BridgedResource,
  type CreatedObject,
} from "../bridge/bridgedResource";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { computed, required, stringType, type Schema } from "../bridge/propertySchema";
import { guidOnly } from "../bridge/validations";
import type { HttpResponse } from "../http/httpClient";
import { textIn } from "../http/jsonBody";
import { textOf, type PropertyMap } from "../server/propertyValue";
import type { AzureadContext } from "./azureadContext";
import { errorText } from "./graphClient";
import { servicePrincipalPath } from "./objectIds";

/** Properties of `azuread.AppRoleAssignment` (azuread_app_role_assignment of Terraform's azuread 3.8.0). */
const schema: Schema = {
  appRoleId: required(stringType, { forceNew: true, validate: guidOnly }),
  principalDisplayName: computed(stringType),
  principalObjectId: required(stringType, { forceNew: true, validate: guidOnly }),
  principalType: computed(stringType),
  resourceDisplayName: computed(stringType),
  resourceObjectId: required(stringType, { forceNew: true, validate: guidOnly }),
};

/** The principal may not be visible to every replica yet. */
function untilReplicated({ status, body }: HttpResponse): boolean {
  return status === 404 || (status === 400 && errorText(body).includes("Not a valid reference update"));
}

function checkId(id: string): void {
  if (!/^\/servicePrincipals\/[^/]+\/appRoleAssignedTo\/[^/]+$/.test(id)) {
    throw new Error(
      `parsing App Role Assignment ID: the ID "${id}" does not have the form "/servicePrincipals/<resource object id>/appRoleAssignedTo/<id>"`,
    );
  }
}

async function read({ graph }: AzureadContext, id: string): Promise<PropertyMap | undefined> {
  checkId(id);
  const live = await diagnosed(`retrieving ${id}`, () => graph.find(id));
  if (live === undefined) return undefined;
  return {
    appRoleId: textIn(live["appRoleId"]),
    principalDisplayName: textIn(live["principalDisplayName"]),
    principalObjectId: textIn(live["principalId"]),
    principalType: textIn(live["principalType"]),
    resourceDisplayName: textIn(live["resourceDisplayName"]),
    resourceObjectId: textIn(live["resourceId"]),
  };
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  const { graph } = context;
  const resourceId = textOf(planned["resourceObjectId"]);
  const path = servicePrincipalPath(resourceId);
  const resource = await diagnosed(
    `Could not retrieve service principal for resource (Object ID: "${resourceId}")`,
    () => graph.find(path),
  );
  if (resource === undefined) {
    throw new DiagnosticError(`Service principal not found for resource (Object ID: "${resourceId}")`);
  }
  const created = await diagnosed("Could not create app role assignment", () =>
    graph.post(
      `${path}/appRoleAssignedTo`,
      {
        "@odata.type": "#microsoft.graph.appRoleAssignment",
        appRoleId: textOf(planned["appRoleId"]),
        principalId: textOf(planned["principalObjectId"]),
        resourceId,
      },
      { retryWhen: untilReplicated },
    ),
  );
  const [assignmentId, assignedTo] = [textIn(created["id"]), textIn(created["resourceId"])];
  if (assignmentId === "" || assignedTo === "") {
    throw new DiagnosticError(
      "Bad API response",
      "ID or resource ID returned for app role assignment is nil",
    );
  }
  const id = `${servicePrincipalPath(assignedTo)}/appRoleAssignedTo/${assignmentId}`;
  try {
    return { id, state: await read(context, id) };
  } catch (error) {
    throw new CreatedIncompletelyError(id, error);
  }
}

/** `azuread.AppRoleAssignment`: an application permission granted. Every change replaces it. */
export const appRoleAssignment: BridgedResource<AzureadContext> = {
  token: "azuread:index/appRoleAssignment:AppRoleAssignment",
  terraformType: "azuread_app_role_assignment",
  schema,
  timeouts: { create: 5, read: 5, update: 5, delete: 5 },
  checkImportId: checkId,
  create,
  read,
  delete: ({ graph }, id) => diagnosed(`Deleting ${id}`, () => graph.delete(id)),
};
