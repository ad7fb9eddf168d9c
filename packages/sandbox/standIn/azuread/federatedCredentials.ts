import type { BridgedResource, CreatedObject } from "../bridge/bridgedResource";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { computed, listOf, optional, required, stringType, type Schema } from "../bridge/propertySchema";
import { applicationResourceId, atMost, betweenOneAnd, notBlank, notEmpty } from "../bridge/validations";
import { isJsonObject, textIn, textsIn, type JsonObject } from "../http/jsonBody";
import { textOf, textsOf, type PropertyMap } from "../server/propertyValue";
import { waitForAppearance, waitForChange, waitForDeletion, type AzureadContext } from "./azureadContext";
import type { GraphVersion } from "../../graphVersion";
import {
  applicationIdIn,
  applicationNamed,
  applicationPath,
  credentialId,
  credentialIn,
  flexibleCredentialId,
  flexibleCredentialIn,
} from "./objectIds";

interface CredentialIds {
  readonly applicationId: string;
  readonly keyId: string;
}

/** In what the two resources for federated credentials differ. */
interface CredentialForm {
  readonly resource: Pick<BridgedResource<AzureadContext>, "token" | "terraformType">;
  readonly version: GraphVersion;
  readonly schema: Schema;
  readonly resourceId: (ids: CredentialIds) => string;
  readonly idsIn: (resourceId: string) => CredentialIds;
  readonly named: (ids: CredentialIds) => string;
  readonly verbs: Readonly<Record<"read" | "update" | "delete", string>>;
  /** What a request says beside what both say. */
  readonly body: (planned: PropertyMap) => JsonObject;
  /** What a state holds beside what both hold. */
  readonly state: (live: JsonObject) => PropertyMap;
  readonly add: (application: string, request: () => Promise<JsonObject>) => Promise<JsonObject>;
  readonly waitUntilThere: (
    context: AzureadContext,
    name: string,
    isThere: () => Promise<boolean>,
  ) => Promise<void>;
}

const commonSchema: Schema = {
  applicationId: required(stringType, { forceNew: true, validate: applicationResourceId }),
  credentialId: computed(stringType),
  displayName: required(stringType, { forceNew: true, validate: betweenOneAnd(120) }),
};

function credentialResource(form: CredentialForm): BridgedResource<AzureadContext> {
  const { version } = form;
  const pathOf = ({ applicationId, keyId }: CredentialIds): string =>
    `${applicationPath(applicationId)}/federatedIdentityCredentials/${keyId}`;
  const bodyOf = (planned: PropertyMap): JsonObject => ({
    description: textOf(planned["description"]),
    issuer: textOf(planned["issuer"]),
    name: textOf(planned["displayName"]),
    ...form.body(planned),
  });
  const read = async ({ graph }: AzureadContext, id: string): Promise<PropertyMap | undefined> => {
    const ids = form.idsIn(id);
    const live = await diagnosed(`${form.verbs.read} ${form.named(ids)}`, () =>
      graph.find(pathOf(ids), version),
    );
    if (live === undefined) return undefined;
    return {
      applicationId: applicationPath(ids.applicationId),
      credentialId: ids.keyId,
      description: textIn(live["description"]),
      displayName: textIn(live["name"]),
      issuer: textIn(live["issuer"]),
      ...form.state(live),
    };
  };
  const create = async (
    context: AzureadContext,
    applicationId: string,
    planned: PropertyMap,
  ): Promise<CreatedObject> => {
    const { graph } = context;
    const path = applicationPath(applicationId);
    const application = applicationNamed(applicationId);
    await diagnosed(`retrieving ${application}`, () => graph.get(path, {}, version));
    const created = await form.add(application, () =>
      graph.post(`${path}/federatedIdentityCredentials`, bodyOf(planned), { version }),
    );
    const ids = { applicationId, keyId: textIn(created["id"]) };
    await form.waitUntilThere(
      context,
      form.named(ids),
      async () => (await graph.find(pathOf(ids), version)) !== undefined,
    );
    const id = form.resourceId(ids);
    return { id, state: await read(context, id) };
  };
  return {
    ...form.resource,
    schema: { ...commonSchema, ...form.schema },
    timeouts: { create: 15, read: 5, update: 5, delete: 5 },
    checkImportId: (id) => void form.idsIn(id),
    create: (context, planned) => {
      const applicationId = applicationIdIn(textOf(planned["applicationId"]));
      return context.locks.run(applicationId, () => create(context, applicationId, planned));
    },
    read,

    async update(context, { id, planned }) {
      const ids = form.idsIn(id);
      return context.locks.run(ids.applicationId, async () => {
        await diagnosed(`${form.verbs.update} ${form.named(ids)}`, () =>
          context.graph.patch(pathOf(ids), { ...bodyOf(planned), id: ids.keyId }, { version }),
        );
        return read(context, id);
      });
    },

    async delete(context, id) {
      const { graph } = context;
      const ids = form.idsIn(id);
      const path = pathOf(ids);
      await context.locks.run(ids.applicationId, async () => {
        await diagnosed(`${form.verbs.delete} ${form.named(ids)}`, () => graph.delete(path, version));
        await diagnosed(`Waiting for deletion of ${form.named(ids)}`, () =>
          waitForDeletion(context, async () => (await graph.find(path, version)) !== undefined),
        );
      });
    },
  };
}

const kind = "federatedIdentityCredential";

/**
 * `azuread.ApplicationFederatedIdentityCredential`: tokens of another issuer that the application may sign in with
 * (azuread_application_federated_identity_credential of Terraform's azuread 3.8.0).
 */
export const applicationFederatedIdentityCredential = credentialResource({
  resource: {
    token: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
    terraformType: "azuread_application_federated_identity_credential",
  },
  version: "v1.0",
  schema: {
    audiences: required(listOf(stringType), { validate: notEmpty }),
    description: optional(stringType),
    issuer: required(stringType),
    subject: required(stringType),
  },
  resourceId: ({ applicationId, keyId }) => credentialId(applicationId, kind, keyId),
  idsIn: (id) => credentialIn(id, kind),
  named: ({ applicationId, keyId }) =>
    `federated identity credential with ID "${keyId}" for application with object ID "${applicationId}"`,
  verbs: { read: "Retrieving", update: "Updating", delete: "Removing" },
  body: (planned) => ({
    "@odata.type": "#microsoft.graph.federatedIdentityCredential",
    audiences: textsOf(planned["audiences"]),
    subject: textOf(planned["subject"]),
  }),
  state: (live) => ({ audiences: textsIn(live["audiences"]), subject: textIn(live["subject"]) }),
  async add(application, request) {
    const created = await diagnosed(`Adding federated identity credential for ${application}`, request);
    if (textIn(created["id"]) === "") {
      throw new DiagnosticError(
        `API error adding federated identity credential for ${application}`,
        "nil or empty ID received",
      );
    }
    return created;
  },
  waitUntilThere: (context, name, isThere) =>
    diagnosed(`Waiting for ${name}`, () => waitForAppearance(context, isThere)),
});

/** How long the real plugin waits before it looks for a new flexible credential, in milliseconds. */
const firstLook = 10_000;

/**
 * `azuread.ApplicationFlexibleFederatedIdentityCredential`: tokens of another issuer by their claims, in beta alone
 * (azuread_application_flexible_federated_identity_credential of Terraform's azuread 3.8.0). Its resource id is that of the provider's
 * source; the registry shows another form for imports, which the source refuses.
 */
export const applicationFlexibleFederatedIdentityCredential = credentialResource({
  resource: {
    token:
      "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
    terraformType: "azuread_application_flexible_federated_identity_credential",
  },
  version: "beta",
  schema: {
    audience: required(stringType, { validate: betweenOneAnd(600) }),
    claimsMatchingExpression: required(stringType, { validate: notBlank }),
    description: optional(stringType, { validate: atMost(600) }),
    issuer: required(stringType, { validate: notBlank }),
  },
  resourceId: ({ applicationId, keyId }) => flexibleCredentialId(applicationId, keyId),
  idsIn: flexibleCredentialIn,
  named: ({ applicationId, keyId }) =>
    `Application Id Federated Identity Credential (Application: "${applicationId}"\nFederated Identity Credential: "${keyId}")`,
  verbs: { read: "retrieving", update: "updating", delete: "deleting" },
  body: (planned) => ({
    audiences: [textOf(planned["audience"])],
    claimsMatchingExpression: { value: textOf(planned["claimsMatchingExpression"]), languageVersion: 1 },
  }),
  state: (live) => {
    const expression = live["claimsMatchingExpression"];
    return {
      audience: textsIn(live["audiences"])[0] ?? "",
      claimsMatchingExpression: isJsonObject(expression) ? textIn(expression["value"]) : "",
    };
  },
  async add(application, request) {
    try {
      return await request();
    } catch (cause) {
      // The plugin keeps what Graph has said for itself: hashicorp/terraform-provider-azuread#1807.
      throw new DiagnosticError(
        `adding flexible federated identity credential for ${application}`,
        undefined,
        {
          cause,
        },
      );
    }
  },
  async waitUntilThere(context, _name, isThere) {
    const { pace, signal } = context;
    if (pace.fixedWaits) await pace.sleep(firstLook, signal);
    await waitForChange(context, isThere);
  },
});
