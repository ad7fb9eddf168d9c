import { diagnosed } from "../bridge/diagnostic";
import {
  CreatedIncompletelyError,
  type BridgedResource,
  type CreatedObject,
} from "../bridge/bridgedResource";
import { detailedDiff } from "../bridge/detailedDiff";
import { isSameOrBelow, parsePath } from "../bridge/propertyPath";
import type { HttpResponse } from "../http/httpClient";
import { textIn } from "../http/jsonBody";
import { UNKNOWN, textOf, type PropertyMap } from "../server/propertyValue";
import { apiFor, apiWithScopes, fieldsSentOnChange, plainFields } from "./applicationBody";
import { applicationSchema } from "./applicationSchema";
import { applicationState } from "./applicationState";
import { waitForDeletion, type AzureadContext } from "./azureadContext";
import { appRoleCollection, disablePermissions, permissionScopeCollection } from "./disabledPermissions";
import { duplicateNameFound, duplicateNamePlanned } from "./duplicateError";
import { applicationIdIn, applicationNamed, applicationPath, sameId } from "./objectIds";
import { completeOwners, initialOwners, readOwners, updateOwners } from "./owners";
import { temporaryName } from "./temporaryName";

const terraformType = "azuread_application";
const odataType = { "@odata.type": "#microsoft.graph.application" };

/** A new application may not be visible to every replica yet. */
const untilReplicated = ({ status }: HttpResponse): boolean => status === 404 || status === 409;

/** Object ids of the applications that bear exactly this name. */
async function idsByName({ graph }: AzureadContext, name: string): Promise<string[]> {
  // The real plugin does not escape quotes here.
  const found = await graph.list("/applications", { $filter: `displayName eq '${name}'` });
  return found.filter((application) => application["displayName"] === name).map(({ id }) => textIn(id));
}

async function refuseTakenName(context: AzureadContext, planned: PropertyMap, ownId?: string): Promise<void> {
  if (planned["preventDuplicateNames"] !== true) return;
  const name = textOf(planned["displayName"]);
  const found = await diagnosed("Could not check for existing application(s)", () =>
    idsByName(context, name),
  );
  const other = found.find((id) => ownId === undefined || !sameId(id, ownId));
  if (other !== undefined) throw duplicateNameFound(terraformType, other, name);
}

async function read(
  context: AzureadContext,
  id: string,
  prior: PropertyMap,
): Promise<PropertyMap | undefined> {
  const { graph } = context;
  const objectId = applicationIdIn(id);
  const path = applicationPath(objectId);
  const named = applicationNamed(objectId);
  const application = await diagnosed(`Retrieving ${named}`, () => graph.find(path));
  if (application === undefined) return undefined;
  const beta = await diagnosed(`Retrieving ${named} (beta API)`, () =>
    graph.get(path, { $select: "oauth2RequirePostResponse" }, "beta"),
  );
  const ownerIds = await readOwners(context, path, named);
  return applicationState({ application, beta, ownerIds }, prior);
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  const { graph } = context;
  await refuseTakenName(context, planned);
  const owners = initialOwners(context, planned["owners"]);
  // Graph refuses accepted mapped claims in a create from an identity that may only manage what it owns.
  const { acceptMappedClaims, ...api } = apiWithScopes(planned["api"]);
  const created = await diagnosed("Could not create application", () =>
    graph.post("/applications", {
      ...plainFields(planned),
      ...fieldsSentOnChange(planned),
      api: acceptMappedClaims === true ? api : { ...api, acceptMappedClaims },
      "owners@odata.bind": owners.inRequest,
    }),
  );
  const objectId = textIn(created["id"]);
  const path = applicationPath(objectId);
  try {
    for (const displayName of [temporaryName(), textOf(planned["displayName"])]) {
      await diagnosed(`Failed to patch application with object ID "${objectId}" after creating`, () =>
        graph.patch(path, { ...odataType, displayName }, { retryWhen: untilReplicated }),
      );
    }
    if (planned["oauth2PostResponseRequired"] === true) {
      const body = { ...odataType, oauth2RequirePostResponse: true };
      await diagnosed(
        "Failed to patch application after creating to set `oauth2_post_response_required`",
        () => graph.patch(path, body, { retryWhen: untilReplicated, version: "beta" }),
      );
    }
    if (acceptMappedClaims === true) {
      const body = { ...odataType, api: { ...api, acceptMappedClaims } };
      await diagnosed("Failed to patch application after creating to set `api.0.mapped_claims_enabled`", () =>
        graph.patch(path, body, { retryWhen: untilReplicated }),
      );
    }
    await completeOwners(context, path, owners, applicationNamed(objectId));
    return { id: path, state: await read(context, path, planned) };
  } catch (error) {
    throw new CreatedIncompletelyError(path, error);
  }
}

async function update(
  context: AzureadContext,
  change: { readonly id: string; readonly old: PropertyMap; readonly planned: PropertyMap },
): Promise<PropertyMap | undefined> {
  const { graph } = context;
  const { old, planned } = change;
  const objectId = applicationIdIn(change.id);
  const path = applicationPath(objectId);
  const named = applicationNamed(objectId);
  await refuseTakenName(context, planned, objectId);
  const changed = [...detailedDiff(applicationSchema, old, planned).keys()].map(parsePath);
  const isChanged = (...property: readonly string[]): boolean =>
    changed.some((one) => isSameOrBelow(one, property) || isSameOrBelow(property, one));
  const scopesChanged = isChanged("api", "oauth2PermissionScopes");
  if (isChanged("appRoles")) await disablePermissions(context, objectId, appRoleCollection);
  if (scopesChanged) await disablePermissions(context, objectId, permissionScopeCollection);
  await diagnosed(`Could not update ${named}`, () =>
    graph.patch(path, {
      ...plainFields(planned),
      ...fieldsSentOnChange(planned, isChanged),
      api: scopesChanged ? apiWithScopes(planned["api"]) : apiFor(planned["api"]),
    }),
  );
  if (isChanged("oauth2PostResponseRequired")) {
    const oauth2RequirePostResponse = planned["oauth2PostResponseRequired"] === true;
    await diagnosed(`Could not update ${named}`, () =>
      graph.patch(path, { ...odataType, oauth2RequirePostResponse }, { version: "beta" }),
    );
  }
  await updateOwners(context, path, change, named);
  return read(context, change.id, planned);
}

/**
 * `azuread.Application`: a registration. What it publishes to others, its optional claims, inline password, logo, gallery template and
 * feature tags are not covered: permissions and claims that are there are read, and removed by an update.
 */
export const application: BridgedResource<AzureadContext> = {
  token: "azuread:index/application:Application",
  terraformType,
  schema: applicationSchema,
  timeouts: { create: 10, read: 5, update: 10, delete: 5 },
  checkImportId: applicationIdIn,

  async customizeDiff(context, { id, old, planned }) {
    const { displayName } = planned;
    if (planned["preventDuplicateNames"] !== true || displayName === UNKNOWN) return;
    const name = textOf(displayName);
    if (old !== undefined && old["displayName"] === name) return;
    const [taken] = await diagnosed("could not check for existing application(s)", () =>
      idsByName(context, name),
    );
    // For an existing application the plan asks, too, but leaves the refusal to the update.
    if (taken !== undefined && id === "") throw duplicateNamePlanned(terraformType, taken, name);
  },

  create,
  read,
  update: (context, change) => context.locks.run(applicationIdIn(change.id), () => update(context, change)),

  async delete(context, id) {
    const objectId = applicationIdIn(id);
    const path = applicationPath(objectId);
    const named = applicationNamed(objectId);
    await diagnosed(`Deleting ${named}`, () => context.graph.delete(path));
    await diagnosed(`Waiting for deletion of ${named}`, () =>
      waitForDeletion(context, async () => (await context.graph.find(path)) !== undefined),
    );
  },
};
