import {
  CreatedIncompletelyError,
  type BridgedResource,
  type CreatedObject,
} from "../bridge/bridgedResource";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { optional, required, setOf, stringType, type Schema } from "../bridge/propertySchema";
import { guidOnly, notEmpty } from "../bridge/validations";
import type { HttpResponse } from "../http/httpClient";
import { textIn, type JsonObject } from "../http/jsonBody";
import { textOf, textsOf, type PropertyMap } from "../server/propertyValue";
import type { AzureadContext } from "./azureadContext";
import { errorText } from "./graphClient";
import { inOrderOf, textOrNull } from "./liveText";
import { servicePrincipalNamed, servicePrincipalPath } from "./objectIds";

const prefix = "/oauth2PermissionGrants/";
const odataType = { "@odata.type": "#microsoft.graph.oAuth2PermissionGrant" };

/**
 * Properties of `azuread.ServicePrincipalDelegatedPermissionGrant`
 * (azuread_service_principal_delegated_permission_grant of Terraform's azuread 3.8.0).
 */
const schema: Schema = {
  claimValues: required(setOf(stringType), { validate: notEmpty }),
  resourceServicePrincipalObjectId: required(stringType, { forceNew: true, validate: guidOnly }),
  servicePrincipalObjectId: required(stringType, { forceNew: true, validate: guidOnly }),
  userObjectId: optional(stringType, { forceNew: true, validate: guidOnly }),
};

/** One of the service principals may not be visible to every replica yet. */
function untilReplicated({ status, body }: HttpResponse): boolean {
  if (status === 404) return true;
  const missing = "does not exist or one of its queried reference-property objects are not present";
  return status === 400 && errorText(body).includes(missing);
}

function pathOf(id: string): string {
  const grantId = id.startsWith(prefix) ? id.slice(prefix.length) : "";
  if (grantId === "") throw new Error(`specified ID is not valid: "${id}"`);
  return `${prefix}${encodeURIComponent(grantId)}`;
}

function scopeOf(planned: PropertyMap): string | null {
  return textOrNull(textsOf(planned["claimValues"]).join(" "));
}

async function requireServicePrincipal(context: AzureadContext, id: string, missing: string): Promise<void> {
  const found = await diagnosed(`Could not retrieve ${servicePrincipalNamed(id)}`, () =>
    context.graph.find(servicePrincipalPath(id)),
  );
  if (found === undefined) throw new DiagnosticError(`${servicePrincipalNamed(id)} ${missing}`);
}

async function read(
  context: AzureadContext,
  id: string,
  prior: PropertyMap,
): Promise<PropertyMap | undefined> {
  const live = await diagnosed(`Retrieving Delegated Permission Grant with ID "${id}"`, () =>
    context.graph.find(pathOf(id)),
  );
  if (live === undefined) return undefined;
  const claimValues = textIn(live["scope"])
    .split(" ")
    .filter((value) => value !== "");
  return {
    claimValues: inOrderOf(claimValues, prior["claimValues"]),
    resourceServicePrincipalObjectId: textIn(live["resourceId"]),
    servicePrincipalObjectId: textIn(live["clientId"]),
    userObjectId: textIn(live["principalId"]),
  };
}

function grantBody(planned: PropertyMap): JsonObject {
  const userId = textOf(planned["userObjectId"]);
  return {
    ...odataType,
    clientId: textOf(planned["servicePrincipalObjectId"]),
    resourceId: textOf(planned["resourceServicePrincipalObjectId"]),
    scope: scopeOf(planned),
    ...(userId === "" ? { consentType: "AllPrincipals" } : { consentType: "Principal", principalId: userId }),
  };
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  await requireServicePrincipal(context, textOf(planned["servicePrincipalObjectId"]), "was not found)");
  await requireServicePrincipal(
    context,
    textOf(planned["resourceServicePrincipalObjectId"]),
    "not found for resource",
  );
  const created = await diagnosed("Could not create delegated permission grant", () =>
    context.graph.post("/oauth2PermissionGrants", grantBody(planned), { retryWhen: untilReplicated }),
  );
  const grantId = textIn(created["id"]);
  if (grantId === "")
    throw new DiagnosticError("Bad API response", "ID returned for delegated permission grant is nil");
  const id = `${prefix}${grantId}`;
  try {
    return { id, state: await read(context, id, planned) };
  } catch (error) {
    throw new CreatedIncompletelyError(id, error);
  }
}

/** `azuread.ServicePrincipalDelegatedPermissionGrant`: consent to delegated permissions, for the tenant or one user. */
export const servicePrincipalDelegatedPermissionGrant: BridgedResource<AzureadContext> = {
  token: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  terraformType: "azuread_service_principal_delegated_permission_grant",
  schema,
  timeouts: { create: 5, read: 5, update: 5, delete: 5 },
  checkImportId: (id) => void pathOf(id),
  create,
  read,

  async update(context, { id, planned }) {
    await diagnosed(`Updating ${id}`, () =>
      context.graph.patch(pathOf(id), { ...odataType, scope: scopeOf(planned) }),
    );
    return read(context, id, planned);
  },

  delete: (context, id) => diagnosed(`Deleting ${id}`, () => context.graph.delete(pathOf(id))),
};
