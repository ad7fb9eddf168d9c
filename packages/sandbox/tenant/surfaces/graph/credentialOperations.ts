import { Refusal } from "../../core/refusal";
import { param, type Answer, type Input } from "../../core/request";
import * as s from "../../core/bodySchema";
import { checkPolicy } from "../../domain/appManagementPolicy";
import { getApplication } from "../../domain/directoryObjects";
import { badRequest, propertyFixed } from "../../domain/directoryRefusals";
import {
  addFederatedCredential,
  type FederatedCredentialRequest,
  federatedCredentialSchema,
  findFederatedCredential,
  removeFederatedCredential,
  updateFederatedCredential,
} from "../../domain/federatedCredentials";
import { checkCredentialCount, makePassword, passwordSchema, withoutPassword } from "../../domain/passwords";
import { checkNotLocked } from "../../domain/servicePrincipalLock";
import type { Directory } from "../../state/directory";
import type {
  ApplicationRecord,
  FederatedCredentialRecord,
  ServicePrincipalRecord,
} from "../../state/records";
import { passwordView } from "./credentialViews";
import type { GraphAccess } from "./graphAuthorization";
import { parseBody, readBody, readProperties } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { renderGraphRefusal } from "./graphRenderer";
import { applicationKind, type ObjectKind, servicePrincipalKind } from "./objectKinds";
import {
  actionAnswer,
  collectionAnswer,
  entityAnswer,
  noContent,
  type Entity,
  type EntityType,
} from "./odataQuery";

const addPasswordBody = s.object({ passwordCredential: s.resettable(passwordSchema) });
const removePasswordBody = s.object({ keyId: s.guid }, ["keyId"]);
const federatedCredentialType: EntityType = {
  name: "microsoft.graph.federatedIdentityCredential",
  onlySelected: {},
};

/** The properties of a federated credential in a body; claims matching is known to beta alone. */
function readFederatedCredential(
  input: Input,
  body: Readonly<Record<string, unknown>>,
  before?: FederatedCredentialRequest,
): FederatedCredentialRequest {
  if (input.version !== "beta" && body["claimsMatchingExpression"] !== undefined) {
    throw badRequest("Invalid property 'claimsMatchingExpression'.");
  }
  return readProperties(body, federatedCredentialSchema, "FederatedIdentityCredential", before);
}

/** An answer as it is sent, which v1.0 breaks off at the subject of a flexible credential. */
function federatedAnswer(input: Input, answer: Answer): Answer {
  const { json, ...others } = answer;
  const [shown = "", ...rest] = JSON.stringify(json).split(',"subject":null');
  if (input.version === "beta" || rest.length === 0) return answer;
  const { json: error } = renderGraphRefusal(nullSubject, input);
  return { ...others, bytes: Buffer.from(`${shown}${JSON.stringify(error)}`) };
}

/** Source: https://github.com/Azure/azure-workload-identity/issues/373 (2024-12-06); the status is that of an answer that has begun. */
const nullSubject = new Refusal({
  kind: "badRequest",
  code: "InternalServerError",
  message:
    "The property 'subject[Nullable=False]' of type 'Edm.String' has a null value, which is not allowed.",
});

/** Secrets of applications and service principals, and federated credentials of applications. */
export function credentialOperations(): readonly GraphOperation[] {
  const federatedContext = (input: Input): string =>
    `applications('${param(input, "applicationId")}')/federatedIdentityCredentials`;
  // What v1.0 shows of a flexible one, which it cannot, is told by its subject, which is null.
  const federatedEntity = (
    input: Input,
    { claimsMatchingExpression = null, ...credential }: FederatedCredentialRecord,
  ): Entity => (input.version === "beta" ? { ...credential, claimsMatchingExpression } : credential);
  return [
    ...passwordOperations(applicationKind, graphAccess.changeApplicationSecrets),
    ...passwordOperations(servicePrincipalKind, graphAccess.changeServicePrincipal),
    {
      id: "graph.federatedIdentityCredentials.list",
      method: "GET",
      path: "/{version}/applications/{applicationId}/federatedIdentityCredentials",
      access: graphAccess.listFederatedCredentials,
      handle: (directory, input) =>
        federatedAnswer(
          input,
          collectionAnswer(
            input,
            federatedContext(input),
            federatedCredentialType,
            getApplication(directory, param(input, "applicationId")).federatedCredentials,
            (credential) => federatedEntity(input, credential),
            {
              name: (credential) => credential.name,
              issuer: (credential) => credential.issuer,
              subject: (credential) => credential.subject,
            },
          ),
        ),
    },
    {
      id: "graph.federatedIdentityCredentials.create",
      method: "POST",
      path: "/{version}/applications/{applicationId}/federatedIdentityCredentials",
      access: graphAccess.changeApplication,
      handle(directory, input) {
        const { holder, credential } = addFederatedCredential(
          getApplication(directory, param(input, "applicationId")),
          readFederatedCredential(input, parseBody(input)),
        );
        directory.applications.put(holder);
        const view = federatedEntity(input, credential);
        return entityAnswer(input, federatedContext(input), federatedCredentialType, view, 201);
      },
    },
    {
      id: "graph.federatedIdentityCredentials.get",
      method: "GET",
      path: "/{version}/applications/{applicationId}/federatedIdentityCredentials/{credentialId}",
      access: graphAccess.readFederatedCredential,
      handle(directory, input) {
        const application = getApplication(directory, param(input, "applicationId"));
        const credential = findFederatedCredential(application, param(input, "credentialId"));
        return federatedAnswer(
          input,
          entityAnswer(
            input,
            federatedContext(input),
            federatedCredentialType,
            federatedEntity(input, credential),
          ),
        );
      },
    },
    {
      id: "graph.federatedIdentityCredentials.update",
      method: "PATCH",
      path: "/{version}/applications/{applicationId}/federatedIdentityCredentials/{credentialId}",
      access: graphAccess.changeApplication,
      handle(directory, input) {
        const application = getApplication(directory, param(input, "applicationId"));
        const before = findFederatedCredential(application, param(input, "credentialId"));
        const body = parseBody(input);
        if (body.id !== undefined && body.id !== before.id) throw propertyFixed("id");
        const { id: _before, claimsMatchingExpression = null, ...others } = before;
        const request = readFederatedCredential(
          input,
          Object.fromEntries(Object.entries(body).filter(([name]) => name !== "id")),
          { ...others, claimsMatchingExpression },
        );
        directory.applications.put(
          updateFederatedCredential(application, param(input, "credentialId"), request),
        );
        return noContent(input);
      },
    },
    {
      id: "graph.federatedIdentityCredentials.delete",
      method: "DELETE",
      path: "/{version}/applications/{applicationId}/federatedIdentityCredentials/{credentialId}",
      access: graphAccess.changeApplication,
      handle(directory, input) {
        const application = getApplication(directory, param(input, "applicationId"));
        directory.applications.put(removeFederatedCredential(application, param(input, "credentialId")));
        return noContent(input);
      },
    },
  ];
}

function passwordOperations<Item extends ApplicationRecord | ServicePrincipalRecord>(
  { kind, segment, parameter, find, table }: ObjectKind<Item>,
  access: GraphAccess,
): readonly GraphOperation[] {
  const path = `/{version}/${segment}/{${parameter}}`;
  const findUnlocked = (directory: Directory, input: Input): Item => {
    const item = find(directory, input);
    if (kind === "servicePrincipal") checkNotLocked(directory, item.appId, "passwordCredentials");
    return item;
  };
  return [
    {
      id: `graph.${segment}.addPassword`,
      method: "POST",
      path: `${path}/addPassword`,
      access,
      handle(directory, input, { objectId: actorId }) {
        const item = findUnlocked(directory, input);
        const { passwordCredential } = readBody(input, addPasswordBody, "PasswordCredential");
        const { record, secretText } = makePassword(passwordCredential, { now: input.now });
        checkPolicy(directory, { ...item, kind, actorId }, { kind: "password", ...record });
        checkCredentialCount(item.passwords.length + item.keys.length + 1);
        table(directory).put({ ...item, passwords: [...item.passwords, record] });
        return actionAnswer(input, "microsoft.graph.passwordCredential", passwordView(record, secretText));
      },
    },
    {
      id: `graph.${segment}.removePassword`,
      method: "POST",
      path: `${path}/removePassword`,
      access,
      handle(directory, input) {
        const item = findUnlocked(directory, input);
        const { keyId } = readBody(input, removePasswordBody, "PasswordCredential");
        table(directory).put({ ...item, passwords: withoutPassword(item.passwords, keyId) });
        return noContent(input);
      },
    },
  ];
}
