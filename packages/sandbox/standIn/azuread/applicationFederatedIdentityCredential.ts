import type { BridgedResource, CreatedObject } from "../bridge/bridgedResource";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import { computed, listOf, optional, required, text, type Schema } from "../bridge/propertySchema";
import { applicationResourceId, betweenOneAnd, notEmpty } from "../bridge/validations";
import { textIn, textsIn, type JsonObject } from "../http/jsonBody";
import { textOf, textsOf, type PropertyMap } from "../server/propertyValue";
import { waitForAppearance, waitForDeletion, type AzureadContext } from "./azureadContext";
import { applicationIdIn, applicationNamed, applicationPath, credentialId, credentialIn } from "./objectIds";

const kind = "federatedIdentityCredential";

/**
 * Properties of `azuread.ApplicationFederatedIdentityCredential`
 * (azuread_application_federated_identity_credential of Terraform's azuread 3.8.0).
 */
const schema: Schema = {
  applicationId: required(text, { forceNew: true, validate: applicationResourceId }),
  audiences: required(listOf(text), { validate: notEmpty }),
  credentialId: computed(text),
  description: optional(text),
  displayName: required(text, { forceNew: true, validate: betweenOneAnd(120) }),
  issuer: required(text),
  subject: required(text),
};

function body(planned: PropertyMap): JsonObject {
  return {
    "@odata.type": "#microsoft.graph.federatedIdentityCredential",
    audiences: textsOf(planned["audiences"]),
    description: textOf(planned["description"]),
    issuer: textOf(planned["issuer"]),
    name: textOf(planned["displayName"]),
    subject: textOf(planned["subject"]),
  };
}

function pathOf(applicationId: string, keyId: string): string {
  return `${applicationPath(applicationId)}/federatedIdentityCredentials/${keyId}`;
}

function named(applicationId: string, keyId: string): string {
  return `federated identity credential with ID "${keyId}" for application with object ID "${applicationId}"`;
}

async function read(context: AzureadContext, id: string): Promise<PropertyMap | undefined> {
  const { applicationId, keyId } = credentialIn(id, kind);
  const live = await diagnosed(`Retrieving ${named(applicationId, keyId)}`, () =>
    context.graph.find(pathOf(applicationId, keyId)),
  );
  if (live === undefined) return undefined;
  return {
    applicationId: applicationPath(applicationId),
    audiences: textsIn(live["audiences"]),
    credentialId: keyId,
    description: textIn(live["description"]),
    displayName: textIn(live["name"]),
    issuer: textIn(live["issuer"]),
    subject: textIn(live["subject"]),
  };
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  const { graph } = context;
  const applicationId = applicationIdIn(textOf(planned["applicationId"]));
  const path = applicationPath(applicationId);
  const application = applicationNamed(applicationId);
  await diagnosed(`retrieving ${application}`, () => graph.get(path));
  const created = await diagnosed(`Adding federated identity credential for ${application}`, () =>
    graph.post(`${path}/federatedIdentityCredentials`, body(planned)),
  );
  const keyId = textIn(created["id"]);
  if (keyId === "") {
    throw new DiagnosticError(
      `API error adding federated identity credential for ${application}`,
      "nil or empty ID received",
    );
  }
  await diagnosed(`Waiting for ${named(applicationId, keyId)}`, () =>
    waitForAppearance(context, async () => (await graph.find(pathOf(applicationId, keyId))) !== undefined),
  );
  const id = credentialId(applicationId, kind, keyId);
  return { id, state: await read(context, id) };
}

/** `azuread.ApplicationFederatedIdentityCredential`: tokens of another issuer that the application may sign in with. */
export const applicationFederatedIdentityCredential: BridgedResource<AzureadContext> = {
  token: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  terraformType: "azuread_application_federated_identity_credential",
  schema,
  timeouts: { create: 15, read: 5, update: 5, delete: 5 },
  checkImportId: (id) => void credentialIn(id, kind),
  create: (context, planned) =>
    context.locks.run(applicationIdIn(textOf(planned["applicationId"])), () => create(context, planned)),
  read,

  async update(context, { id, planned }) {
    const { applicationId, keyId } = credentialIn(id, kind);
    return context.locks.run(applicationId, async () => {
      await diagnosed(`Updating ${named(applicationId, keyId)}`, () =>
        context.graph.patch(pathOf(applicationId, keyId), { ...body(planned), id: keyId }),
      );
      return read(context, id);
    });
  },

  async delete(context, id) {
    const { graph } = context;
    const { applicationId, keyId } = credentialIn(id, kind);
    const path = pathOf(applicationId, keyId);
    await context.locks.run(applicationId, async () => {
      await diagnosed(`Removing ${named(applicationId, keyId)}`, () => graph.delete(path));
      await diagnosed(`Waiting for deletion of ${named(applicationId, keyId)}`, () =>
        waitForDeletion(context, async () => (await graph.find(path)) !== undefined),
      );
    });
  },
};
