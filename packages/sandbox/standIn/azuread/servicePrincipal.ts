import {
  CreatedIncompletelyError,
  type BridgedResource,
  type CreatedObject,
} from "../bridge/bridgedResource";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import {
  block,
  computed,
  booleanType,
  isZero,
  listOf,
  optional,
  optionalComputed,
  required,
  setOf,
  stringType,
  mapType,
  type Schema,
} from "../bridge/propertySchema";
import { atMost, guidOnly, notEmpty, choiceOnly } from "../bridge/validations";
import type { HttpResponse } from "../http/httpClient";
import { textIn, type JsonObject } from "../http/jsonBody";
import { isPropertyMap, textOf, textsOf, type PropertyMap } from "../server/propertyValue";
import { waitForDeletion, type AzureadContext } from "./azureadContext";
import { alreadyExists } from "./duplicateError";
import { errorText } from "./graphClient";
import { featureTags } from "./featureTags";
import { inOrderOf, nullWhenUnset, textOrNull } from "./liveText";
import { servicePrincipalIdIn, servicePrincipalNamed, servicePrincipalPath } from "./objectIds";
import { completeOwners, initialOwners, readOwners, updateOwners } from "./owners";
import { commonServicePrincipalState, relayStateOf } from "./servicePrincipalState";
import { temporaryName } from "./temporaryName";

const odataType = { "@odata.type": "#microsoft.graph.servicePrincipal" };

const permission = listOf(mapType);

/** Properties of `azuread.ServicePrincipal` (azuread_service_principal of Terraform's azuread 3.8.0). */
const schema: Schema = {
  clientId: required(stringType, { forceNew: true, validate: guidOnly }),
  accountEnabled: optional(booleanType, { defaultValue: true }),
  alternativeNames: optional(setOf(stringType), { validate: notEmpty }),
  appRoleAssignmentRequired: optional(booleanType),
  appRoleIds: computed(mapType),
  appRoles: computed(permission),
  applicationTenantId: computed(stringType),
  description: optional(stringType, { validate: atMost(1024) }),
  displayName: computed(stringType),
  featureTags,
  features: optionalComputed(
    listOf(
      block({
        customSingleSignOnApp: optional(booleanType),
        enterpriseApplication: optional(booleanType),
        galleryApplication: optional(booleanType),
        visibleToUsers: optional(booleanType, { defaultValue: true }),
      }),
    ),
    { notCovered: true },
  ),
  homepageUrl: computed(stringType),
  loginUrl: optional(stringType),
  logoutUrl: computed(stringType),
  notes: optional(stringType, { validate: atMost(1024) }),
  notificationEmailAddresses: optional(setOf(stringType), { validate: notEmpty }),
  oauth2PermissionScopeIds: computed(mapType),
  oauth2PermissionScopes: computed(permission),
  objectId: computed(stringType),
  owners: optional(setOf(stringType), { validate: guidOnly }),
  preferredSingleSignOnMode: optional(stringType, {
    validate: choiceOnly("oidc", "password", "saml", "notSupported", ""),
  }),
  redirectUris: computed(listOf(stringType)),
  samlMetadataUrl: computed(stringType),
  samlSingleSignOn: optional(block({ relayState: optional(stringType, { validate: notEmpty }) }), {
    saysNothing: (saml) => isZero(saml["relayState"]),
  }),
  servicePrincipalNames: computed(listOf(stringType)),
  signInAudience: computed(stringType),
  tags: optionalComputed(setOf(stringType)),
  type: computed(stringType),
  useExisting: optional(booleanType, { notCovered: true }),
};

/**
 * The two refusals that usually mean that the application has not reached every replica yet
 * (hashicorp/terraform-provider-azuread, issues 611 and 992).
 */
function untilApplicationIsVisible({ status, body }: HttpResponse): boolean {
  const message = errorText(body);
  if (status === 400) {
    return /The appId '.+' of the service principal does not reference a valid application object/.test(
      message,
    );
  }
  return (
    status === 403 &&
    message.includes(
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    )
  );
}

function plainFields(planned: PropertyMap): JsonObject {
  const saml = planned["samlSingleSignOn"];
  return {
    ...odataType,
    accountEnabled: planned["accountEnabled"] === true,
    alternativeNames: textsOf(planned["alternativeNames"]),
    appRoleAssignmentRequired: planned["appRoleAssignmentRequired"] === true,
    description: textOrNull(textOf(planned["description"])),
    loginUrl: textOrNull(textOf(planned["loginUrl"])),
    notes: textOrNull(textOf(planned["notes"])),
    notificationEmailAddresses: textsOf(planned["notificationEmailAddresses"]),
    preferredSingleSignOnMode: textOrNull(textOf(planned["preferredSingleSignOnMode"])),
    samlSingleSignOnSettings: isPropertyMap(saml) ? { relayState: textOf(saml["relayState"]) } : {},
    tags: textsOf(planned["tags"]),
  };
}

async function read(
  context: AzureadContext,
  id: string,
  prior: PropertyMap,
): Promise<PropertyMap | undefined> {
  const { graph } = context;
  const objectId = servicePrincipalIdIn(id);
  const path = servicePrincipalPath(objectId);
  const named = servicePrincipalNamed(objectId);
  const live = await diagnosed(`Retrieving ${named}`, () => graph.find(path));
  if (live === undefined) return undefined;
  const beta = await diagnosed(`Retrieving ${named} (beta API)`, () =>
    graph.get(path, { $select: "samlMetadataUrl" }, "beta"),
  );
  const ownerIds = await readOwners(context, path, named);
  const relayState = relayStateOf(live);
  const listed = (name: string): string[] => inOrderOf(live[name], prior[name]);
  return {
    ...commonServicePrincipalState(live, beta),
    alternativeNames: nullWhenUnset(listed("alternativeNames"), prior["alternativeNames"]),
    notificationEmailAddresses: nullWhenUnset(
      listed("notificationEmailAddresses"),
      prior["notificationEmailAddresses"],
    ),
    owners: nullWhenUnset(inOrderOf(ownerIds, prior["owners"]), prior["owners"]),
    samlSingleSignOn: relayState === undefined ? null : { relayState },
    tags: listed("tags"),
    useExisting: prior["useExisting"] ?? null,
  };
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  const { graph } = context;
  const clientId = textOf(planned["clientId"]);
  const listing = "Could not list existing service principals";
  const [existing, ...more] = await diagnosed(listing, () =>
    graph.list("/servicePrincipals", { $filter: `appId eq '${clientId}'` }),
  );
  if (more.length > 0) {
    const count = more.length + 1;
    throw new DiagnosticError(
      listing,
      `unexpected number of service principals returned (expected: 1, received: ${count}`,
    );
  }
  if (existing !== undefined) {
    throw alreadyExists("azuread_service_principal", textIn(existing["id"]));
  }
  const owners = initialOwners(context, planned["owners"]);
  const created = await diagnosed("Could not create service principal", () =>
    graph.post(
      "/servicePrincipals",
      {
        ...plainFields(planned),
        appId: clientId,
        description: temporaryName(),
        "owners@odata.bind": owners.inRequest,
      },
      { retryWhen: untilApplicationIsVisible },
    ),
  );
  const objectId = textIn(created["id"]);
  const path = servicePrincipalPath(objectId);
  try {
    await diagnosed("Failed to patch service principal after creating", () =>
      graph.patch(path, { ...odataType, description: textOrNull(textOf(planned["description"])) }),
    );
    await completeOwners(context, path, owners, servicePrincipalNamed(objectId));
    return { id: path, state: await read(context, path, planned) };
  } catch (error) {
    throw new CreatedIncompletelyError(path, error);
  }
}

async function update(
  context: AzureadContext,
  change: { readonly id: string; readonly old: PropertyMap; readonly planned: PropertyMap },
): Promise<PropertyMap | undefined> {
  const { planned } = change;
  const objectId = servicePrincipalIdIn(change.id);
  const path = servicePrincipalPath(objectId);
  const named = servicePrincipalNamed(objectId);
  await diagnosed(`Updating ${named}`, () => context.graph.patch(path, plainFields(planned)));
  await updateOwners(context, path, change, named);
  return read(context, change.id, planned);
}

/** `azuread.ServicePrincipal`: what represents an application in the tenant. Features and taking over an existing one are not covered. */
export const servicePrincipal: BridgedResource<AzureadContext> = {
  token: "azuread:index/servicePrincipal:ServicePrincipal",
  terraformType: "azuread_service_principal",
  schema,
  timeouts: { create: 10, read: 5, update: 10, delete: 5 },
  checkImportId: servicePrincipalIdIn,
  create,
  read,
  update,

  async delete(context, id) {
    const { graph } = context;
    const objectId = servicePrincipalIdIn(id);
    const path = servicePrincipalPath(objectId);
    const named = servicePrincipalNamed(objectId);
    await diagnosed(`Deleting ${named}`, () => graph.delete(path));
    await diagnosed(`Waiting for deletion of ${named}`, () =>
      waitForDeletion(context, async () => (await graph.find(path)) !== undefined),
    );
  },
};
