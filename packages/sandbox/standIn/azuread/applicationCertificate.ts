import { randomUUID } from "node:crypto";
import type { BridgedResource, CreatedObject } from "../bridge/bridgedResource";
import { diagnosed } from "../bridge/diagnostic";
import { optional, optionalComputed, required, stringType, type Schema } from "../bridge/propertySchema";
import { applicationResourceId, guidOnly, choiceOnly, rfc3339Only } from "../bridge/validations";
import { objectsIn, textIn, type JsonObject } from "../http/jsonBody";
import { textOf, type PropertyMap } from "../server/propertyValue";
import { waitForAppearance, waitForDeletion, type AzureadContext } from "./azureadContext";
import { alreadyExists } from "./duplicateError";
import { wholeSeconds } from "./fixedOffsetTime";
import {
  applicationIdIn,
  applicationNamed,
  applicationPath,
  credentialId,
  credentialIn,
  sameId,
} from "./objectIds";

const odataType = { "@odata.type": "#microsoft.graph.application" };

/** Properties of `azuread.ApplicationCertificate` (azuread_application_certificate of Terraform's azuread 3.8.0). */
const schema: Schema = {
  applicationId: required(stringType, { forceNew: true, validate: applicationResourceId }),
  encoding: optional(stringType, {
    forceNew: true,
    defaultValue: "pem",
    validate: choiceOnly("base64", "hex", "pem"),
  }),
  keyId: optionalComputed(stringType, { forceNew: true, validate: guidOnly }),
  startDate: optionalComputed(stringType, { forceNew: true, validate: rfc3339Only }),
  endDate: optionalComputed(stringType, { forceNew: true, validate: rfc3339Only }),
  endDateRelative: optional(stringType, { forceNew: true, notCovered: true }),
  type: optional(stringType, { forceNew: true, validate: choiceOnly("AsymmetricX509Cert", "Symmetric") }),
  value: required(stringType, { forceNew: true, secret: true }),
};

function pemOf(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** What is sent as the key: the certificate's PEM text, once more in base64. */
function keyOf(value: string, encoding: string): string {
  const pem =
    encoding === "pem" ? value : pemOf(Buffer.from(value.trim(), encoding === "hex" ? "hex" : "base64"));
  return Buffer.from(pem).toString("base64");
}

function keyCredential(planned: PropertyMap): JsonObject {
  const [start, end] = ["startDate", "endDate"].map((key) => textOf(planned[key]));
  return {
    keyId: textOf(planned["keyId"]) || randomUUID(),
    type: textOf(planned["type"]),
    usage: "Verify",
    key: keyOf(textOf(planned["value"]), textOf(planned["encoding"])),
    ...(!start ? {} : { startDateTime: wholeSeconds(start) }),
    ...(!end ? {} : { endDateTime: wholeSeconds(end) }),
  };
}

function keyIn(application: JsonObject, keyId: string): JsonObject | undefined {
  return objectsIn(application["keyCredentials"]).find(({ keyId: id }) => sameId(textIn(id), keyId));
}

async function read(
  context: AzureadContext,
  id: string,
  prior: PropertyMap,
): Promise<PropertyMap | undefined> {
  const { applicationId, keyId } = credentialIn(id, "certificate");
  const path = applicationPath(applicationId);
  // Unlike a password, a certificate whose application is gone is an error.
  const application = await diagnosed(`Retrieving ${applicationNamed(applicationId)}`, () =>
    context.graph.get(path),
  );
  const credential = keyIn(application, keyId);
  if (credential === undefined) return undefined;
  return {
    applicationId: path,
    encoding: prior["encoding"] ?? "pem",
    keyId,
    startDate: textIn(credential["startDateTime"]),
    endDate: textIn(credential["endDateTime"]),
    endDateRelative: prior["endDateRelative"] ?? null,
    type: textIn(credential["type"]),
    value: prior["value"] ?? null,
  };
}

async function create(context: AzureadContext, planned: PropertyMap): Promise<CreatedObject> {
  const { graph } = context;
  const applicationId = applicationIdIn(textOf(planned["applicationId"]));
  const path = applicationPath(applicationId);
  const named = applicationNamed(applicationId);
  const credential = keyCredential(planned);
  const keyId = textIn(credential["keyId"]);
  const id = credentialId(applicationId, "certificate", keyId);
  const application = await diagnosed(`Retrieving ${named}`, () => graph.get(path));
  if (keyIn(application, keyId) !== undefined) throw alreadyExists("azuread_application_certificate", id);
  // The existing keys go back as they came, without their key material: Graph keeps it.
  const keyCredentials = [...objectsIn(application["keyCredentials"]), credential];
  await diagnosed(`Adding certificate for ${named}`, () =>
    graph.patch(path, { ...odataType, id: applicationId, keyCredentials }),
  );
  await diagnosed(`Waiting for certificate credential for ${named}`, () =>
    waitForAppearance(context, async () => keyIn(await graph.get(path), keyId) !== undefined),
  );
  return { id, state: await read(context, id, planned) };
}

/** `azuread.ApplicationCertificate`: a certificate the application may sign in with. Every change replaces it. */
export const applicationCertificate: BridgedResource<AzureadContext> = {
  token: "azuread:index/applicationCertificate:ApplicationCertificate",
  terraformType: "azuread_application_certificate",
  schema,
  timeouts: { create: 10, read: 5, update: 10, delete: 5 },
  checkImportId: (id) => void credentialIn(id, "certificate"),
  create: (context, planned) =>
    context.locks.run(applicationIdIn(textOf(planned["applicationId"])), () => create(context, planned)),
  read,

  async delete(context, id) {
    const { graph } = context;
    const { applicationId, keyId } = credentialIn(id, "certificate");
    const path = applicationPath(applicationId);
    const named = `certificate credential "${keyId}" from application with object ID "${applicationId}"`;
    await context.locks.run(applicationId, async () => {
      const application = await diagnosed(`Retrieving ${applicationNamed(applicationId)}`, () =>
        graph.get(path),
      );
      const keyCredentials = objectsIn(application["keyCredentials"]).filter(
        ({ keyId: other }) => !sameId(textIn(other), keyId),
      );
      await diagnosed(`Removing ${named}`, () =>
        graph.patch(path, { ...odataType, id: applicationId, keyCredentials }),
      );
      await diagnosed(`Waiting for deletion of ${named}`, () =>
        waitForDeletion(context, async () => keyIn(await graph.get(path), keyId) !== undefined),
      );
    });
  },
};
