import { Refusal } from "../../core/refusal";
import { param, type Answer, type Input } from "../../core/request";
import * as s from "../../core/bodySchema";
import { checkPolicy, type CredentialHolder } from "../../domain/appManagementPolicy";
import { getApplication, getServicePrincipal } from "../../domain/directoryObjects";
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
import type { FederatedCredentialRecord, KeyRecord, PasswordRecord } from "../../state/records";
import { federatedCredentialView, passwordView } from "./credentialViews";
import { parseBody, readBody, readProperties } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { renderGraphRefusal } from "./graphRenderer";
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

interface Credentialed {
  readonly id: string;
  readonly createdDateTime: string;
  readonly passwords: readonly PasswordRecord[];
  readonly keys: readonly KeyRecord[];
}

/** Secrets of applications and service principals, and federated credentials of applications. */
export function credentialOperations(): readonly GraphOperation[] {
  /** Adds a secret to an object and returns it with the answer that shows the value once. */
  const addPassword = <Item extends Credentialed>(
    directory: Directory,
    { kind, actorId }: Pick<CredentialHolder, "kind" | "actorId">,
    input: Input,
    item: Item,
  ): { item: Item; answer: ReturnType<typeof actionAnswer> } => {
    const { passwordCredential } = readBody(input, addPasswordBody, "PasswordCredential");
    const { record, secretText } = makePassword(passwordCredential, { now: input.now });
    checkPolicy(directory, { ...item, kind, actorId }, { kind: "password", ...record });
    checkCredentialCount(item.passwords.length + item.keys.length + 1);
    return {
      item: { ...item, passwords: [...item.passwords, record] },
      answer: actionAnswer(input, "microsoft.graph.passwordCredential", passwordView(record, secretText)),
    };
  };
  const removePassword = <Item extends Credentialed>(input: Input, item: Item): Item => {
    const { keyId } = readBody(input, removePasswordBody, "PasswordCredential");
    return { ...item, passwords: withoutPassword(item.passwords, keyId) };
  };
  const federatedContext = (input: Input): string =>
    `applications('${param(input, "applicationId")}')/federatedIdentityCredentials`;
  const federatedEntity = (input: Input, credential: FederatedCredentialRecord): Entity => ({
    ...federatedCredentialView(credential),
    ...(input.version === "beta"
      ? { claimsMatchingExpression: credential.claimsMatchingExpression ?? null }
      : {}),
  });
  return [
    {
      id: "graph.applications.addPassword",
      method: "POST",
      path: "/{version}/applications/{applicationId}/addPassword",
      access: graphAccess.changeApplicationSecrets,
      handle(directory, input, { objectId: actorId }) {
        const { item, answer } = addPassword(
          directory,
          { kind: "application", actorId },
          input,
          getApplication(directory, param(input, "applicationId")),
        );
        directory.applications.put(item);
        return answer;
      },
    },
    {
      id: "graph.applications.removePassword",
      method: "POST",
      path: "/{version}/applications/{applicationId}/removePassword",
      access: graphAccess.changeApplicationSecrets,
      handle(directory, input) {
        directory.applications.put(
          removePassword(input, getApplication(directory, param(input, "applicationId"))),
        );
        return noContent(input);
      },
    },
    {
      id: "graph.servicePrincipals.addPassword",
      method: "POST",
      path: "/{version}/servicePrincipals/{servicePrincipalId}/addPassword",
      access: graphAccess.changeServicePrincipal,
      handle(directory, input, { objectId: actorId }) {
        const principal = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        checkNotLocked(directory, principal, "passwordCredentials");
        const { item, answer } = addPassword(
          directory,
          { kind: "servicePrincipal", actorId },
          input,
          principal,
        );
        directory.servicePrincipals.put(item);
        return answer;
      },
    },
    {
      id: "graph.servicePrincipals.removePassword",
      method: "POST",
      path: "/{version}/servicePrincipals/{servicePrincipalId}/removePassword",
      access: graphAccess.changeServicePrincipal,
      handle(directory, input) {
        const principal = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        checkNotLocked(directory, principal, "passwordCredentials");
        directory.servicePrincipals.put(removePassword(input, principal));
        return noContent(input);
      },
    },
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
