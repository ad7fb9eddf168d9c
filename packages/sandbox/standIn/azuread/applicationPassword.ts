import type { BridgedResource, CreatedObject } from "../bridge/bridgedResource";
import { DiagnosticError, diagnosed } from "../bridge/diagnostic";
import {
  computed,
  optional,
  optionalComputed,
  required,
  stringType,
  mapType,
  type Schema,
} from "../bridge/propertySchema";
import { applicationResourceId, rfc3339Only } from "../bridge/validations";
import { objectsIn, textIn, type JsonObject } from "../http/jsonBody";
import { textOf, type PropertyMap } from "../server/propertyValue";
import { waitForAppearance, waitForDeletion, type AzureadContext } from "./azureadContext";
import { wholeSeconds } from "./fixedOffsetTime";
import { applicationIdIn, applicationPath, credentialId, credentialIn, sameId } from "./objectIds";

/** Properties of `azuread.ApplicationPassword` (azuread_application_password of Terraform's azuread 3.8.0). */
const schema: Schema = {
  applicationId: required(stringType, { forceNew: true, validate: applicationResourceId }),
  displayName: optionalComputed(stringType, { forceNew: true }),
  startDate: optionalComputed(stringType, { forceNew: true, validate: rfc3339Only }),
  endDate: optionalComputed(stringType, { forceNew: true, validate: rfc3339Only }),
  // Without effect in the real plugin (hashicorp/terraform-provider-azuread, issue 1424).
  endDateRelative: optional(stringType, { forceNew: true, notCovered: true }),
  rotateWhenChanged: optional(mapType, { forceNew: true }),
  keyId: computed(stringType),
  value: computed(stringType, { secret: true }),
};

function passwordIn(application: JsonObject, keyId: string): JsonObject | undefined {
  return objectsIn(application["passwordCredentials"]).find(({ keyId: id }) => sameId(textIn(id), keyId));
}

/** What is known when Graph is asked: only what the program gave. */
function requested(planned: PropertyMap): JsonObject {
  const [name, start, end] = ["displayName", "startDate", "endDate"].map((key) => textOf(planned[key]));
  return {
    ...(name ? { displayName: name } : {}),
    ...(start ? { startDateTime: wholeSeconds(start) } : {}),
    ...(end ? { endDateTime: wholeSeconds(end) } : {}),
  };
}

function displayNameOf(credential: JsonObject, prior: PropertyMap): string {
  if (typeof credential["displayName"] === "string") return credential["displayName"];
  const identifier = textIn(credential["customKeyIdentifier"]);
  return identifier === ""
    ? textOf(prior["displayName"])
    : Buffer.from(identifier, "base64").toString("utf8");
}

async function read(
  context: AzureadContext,
  id: string,
  prior: PropertyMap,
): Promise<PropertyMap | undefined> {
  const { applicationId, keyId } = credentialIn(id, "password");
  const path = applicationPath(applicationId);
  const application = await diagnosed(`Retrieving application with object ID "${applicationId}"`, () =>
    context.graph.find(path),
  );
  const credential = application === undefined ? undefined : passwordIn(application, keyId);
  if (credential === undefined) return undefined;
  return {
    applicationId: path,
    displayName: displayNameOf(credential, prior),
    startDate: textIn(credential["startDateTime"]),
    endDate: textIn(credential["endDateTime"]),
    endDateRelative: prior["endDateRelative"] ?? null,
    rotateWhenChanged: prior["rotateWhenChanged"] ?? null,
    keyId,
    value: prior["value"] ?? null,
  };
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  const { graph } = context;
  const applicationId = applicationIdIn(textOf(planned["applicationId"]));
  const path = applicationPath(applicationId);
  const named = `application with object ID "${applicationId}"`;
  const application = await diagnosed(`Retrieving ${named}`, () => graph.find(path));
  if (application === undefined) {
    throw new DiagnosticError(`Application with object ID "${applicationId}" was not found`);
  }
  const created = await diagnosed(`Adding password for ${named}`, () =>
    graph.post(`${path}/addPassword`, { passwordCredential: requested(planned) }),
  );
  const [keyId, value] = [textIn(created["keyId"]), textIn(created["secretText"])];
  if (keyId === "" || value === "") {
    throw new DiagnosticError(
      `API error adding password for ${named}`,
      "nil or empty keyId or password received",
    );
  }
  await diagnosed(`Waiting for password credential for ${named}`, () =>
    waitForAppearance(context, async () => passwordIn(await graph.get(path), keyId) !== undefined),
  );
  const id = credentialId(applicationId, "password", keyId);
  return { id, state: await read(context, id, { ...planned, value }) };
}

/** `azuread.ApplicationPassword`: a client secret. Every change replaces it; it cannot be imported. */
export const applicationPassword: BridgedResource<AzureadContext> = {
  token: "azuread:index/applicationPassword:ApplicationPassword",
  terraformType: "azuread_application_password",
  schema,
  timeouts: { create: 15, read: 5, update: 5, delete: 5 },
  create: (context, planned) =>
    context.locks.run(applicationIdIn(textOf(planned["applicationId"])), () => create(context, planned)),
  read,

  async delete(context, id) {
    const { graph } = context;
    const { applicationId, keyId } = credentialIn(id, "password");
    const path = applicationPath(applicationId);
    const named = `password credential "${keyId}" from application with object ID "${applicationId}"`;
    await context.locks.run(applicationId, async () => {
      await diagnosed(`Removing ${named}`, () => graph.post(`${path}/removePassword`, { keyId }));
      await diagnosed(`Waiting for deletion of ${named}`, () =>
        waitForDeletion(context, async () => passwordIn(await graph.get(path), keyId) !== undefined),
      );
    });
  },
};
