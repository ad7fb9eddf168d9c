import { param, type Input } from "../../core/request";
import { notImplemented } from "../../core/refusal";
import { decodePath } from "../../core/router";
import * as s from "../../core/bodySchema";
import { armResourceNotFound, checkScope } from "../../domain/azureScopes";
import {
  addFederatedCredential,
  findFederatedCredential,
  removeFederatedCredential,
  updateFederatedCredential,
} from "../../domain/federatedCredentials";
import { findIdentityPrincipal } from "../../domain/managedIdentities";
import type { Directory } from "../../state/directory";
import type { FederatedCredentialRecord } from "../../state/records";
import type { Services } from "../services";
import { readArmBody } from "./armBody";
import type { ArmOperation } from "./armOperation";
import { armAnswer } from "./armRenderer";

const identityType = "Microsoft.ManagedIdentity/userAssignedIdentities";
const type = `${identityType}/federatedIdentityCredentials`;
const path = `/subscriptions/{subscriptionId}/resourceGroups/{groupName}/providers/${identityType}/{identityName}/federatedIdentityCredentials`;

const credentialSchema = s.object(
  {
    properties: s.object(
      {
        issuer: s.text,
        subject: s.nullableText,
        claimsMatchingExpression: s.nullable(
          s.object({ value: s.text, languageVersion: s.nullableInteger }, ["value", "languageVersion"]),
        ),
        audiences: s.list(s.text),
      },
      ["issuer", "audiences"],
    ),
  },
  ["properties"],
);

/**
 * The version that knows credentials which match claims; how others show one is not documented. Source:
 * https://learn.microsoft.com/azure/templates/microsoft.managedidentity/userassignedidentities/federatedidentitycredentials
 */
const flexibleVersion = "2025-01-31-preview";

/**
 * Federated credentials of user-assigned managed identities. Source:
 * https://learn.microsoft.com/rest/api/managedidentity/federated-identity-credentials
 */
export function managedIdentityCredentialOperations({ profile }: Services): readonly ArmOperation[] {
  const find = (directory: Directory, input: Input) => {
    const id = decodePath(input.path).replace(/\/federatedIdentityCredentials(\/[^/]*)?$/i, "");
    checkScope(directory, id, profile.subscriptionId);
    const { principalId, displayId } = directory.resources.get(id.toLowerCase())?.properties ?? {};
    const principal = findIdentityPrincipal(directory, String(principalId));
    if (principal === undefined) throw armResourceNotFound(id, "", param(input, "groupName"));
    const { federatedCredentials = [] } = principal;
    const given = input.params["credentialName"] ?? "";
    const before = federatedCredentials.find(({ name }) => name.toLowerCase() === given.toLowerCase());
    const holder = { ...principal, federatedCredentials };
    return { id: String(displayId), holder, name: before?.name ?? given, before };
  };
  const view = (input: Input, identityId: string, credential: FederatedCredentialRecord): object => {
    const { name, issuer, subject, claimsMatchingExpression: expression, audiences } = credential;
    if (expression && input.query.get("api-version") !== flexibleVersion) {
      throw notImplemented(
        `a federated credential that matches claims in another version than ${flexibleVersion}`,
      );
    }
    return {
      id: `${identityId}/federatedIdentityCredentials/${name}`,
      name,
      type,
      properties: {
        issuer,
        ...(expression ? { claimsMatchingExpression: expression } : { subject }),
        audiences,
      },
    };
  };
  return [
    {
      id: "arm.managedIdentityCredentials.list",
      method: "GET",
      path,
      access: { action: `${type}/read` },
      handle(directory, input) {
        const { id, holder } = find(directory, input);
        return armAnswer(input, 200, {
          value: holder.federatedCredentials.map((credential) => view(input, id, credential)),
        });
      },
    },
    {
      id: "arm.managedIdentityCredentials.get",
      method: "GET",
      path: `${path}/{credentialName}`,
      access: { action: `${type}/read` },
      handle(directory, input) {
        const { id, before } = find(directory, input);
        if (before === undefined) {
          const scope = decodePath(input.path);
          throw armResourceNotFound(scope, scope.split("/providers/")[1] ?? "", param(input, "groupName"));
        }
        return armAnswer(input, 200, view(input, id, before));
      },
    },
    {
      id: "arm.managedIdentityCredentials.put",
      method: "PUT",
      path: `${path}/{credentialName}`,
      access: { action: `${type}/write` },
      handle(directory, input) {
        const { id, holder, name, before } = find(directory, input);
        const request = { ...readArmBody(input, credentialSchema).properties, name, description: null };
        const after =
          before === undefined
            ? addFederatedCredential(holder, request).holder
            : updateFederatedCredential(holder, before.id, request);
        directory.servicePrincipals.put(after);
        const status = before === undefined ? 201 : 200;
        return armAnswer(input, status, view(input, id, findFederatedCredential(after, name)));
      },
    },
    {
      id: "arm.managedIdentityCredentials.delete",
      method: "DELETE",
      path: `${path}/{credentialName}`,
      access: { action: `${type}/delete` },
      handle(directory, input) {
        const { holder, before } = find(directory, input);
        if (before === undefined) return armAnswer(input, 204);
        directory.servicePrincipals.put(removeFederatedCredential(holder, before.id));
        return armAnswer(input, 200);
      },
    },
  ];
}
