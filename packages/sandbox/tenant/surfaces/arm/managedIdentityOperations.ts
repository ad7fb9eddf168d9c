import { type Input, param } from "../../core/request";
import { decodePath } from "../../core/router";
import * as s from "../../core/bodySchema";
import { checkScope, armResourceNotFound } from "../../domain/azureScopes";
import { identityPrincipal } from "../../domain/managedIdentities";
import type { Directory } from "../../state/directory";
import type { ResourceRecord } from "../../state/records";
import type { Services } from "../services";
import { readArmBody } from "./armBody";
import type { ArmOperation } from "./armOperation";
import { armAnswer } from "./armRenderer";
import { resourceView } from "./resourceView";

const type = "Microsoft.ManagedIdentity/userAssignedIdentities";
const path = `/subscriptions/{subscriptionId}/resourceGroups/{groupName}/providers/${type}/{identityName}`;

const identitySchema = s.object({ location: s.text, tags: s.nullable(s.textMap) }, ["location"]);

/** User-assigned managed identities. Source: https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities */
export function managedIdentityOperations(services: Services): readonly ArmOperation[] {
  const { profile } = services;
  const find = (directory: Directory, input: Input): ResourceRecord | undefined => {
    const id = decodePath(input.path);
    checkScope(directory, id.replace(/\/providers\/.*$/i, ""), profile.subscriptionId);
    return directory.resources.get(id.toLowerCase());
  };
  return [
    {
      id: "arm.managedIdentities.get",
      method: "GET",
      path,
      access: { action: `${type}/read` },
      handle(directory, input) {
        const resource = find(directory, input);
        if (resource === undefined) {
          throw armResourceNotFound(decodePath(input.path), "", param(input, "groupName"));
        }
        return armAnswer(input, 200, resourceView(resource, input, profile));
      },
    },
    {
      id: "arm.managedIdentities.put",
      method: "PUT",
      path,
      access: { action: `${type}/write` },
      handle(directory, input) {
        const before = find(directory, input);
        const { location, tags } = readArmBody(input, identitySchema);
        const resourceId = decodePath(input.path);
        const name = param(input, "identityName");
        const resource = directory.resources.put({
          id: resourceId.toLowerCase(),
          name,
          type,
          location,
          tags: tags ?? {},
          properties: before?.properties ?? {
            displayId: resourceId,
            ...idsOf(
              identityPrincipal(
                directory,
                { resourceId, name },
                { now: input.now, tenantId: profile.tenantId },
              ),
              profile.tenantId,
            ),
          },
        });
        return armAnswer(input, before === undefined ? 201 : 200, resourceView(resource, input, profile));
      },
    },
    {
      id: "arm.managedIdentities.delete",
      method: "DELETE",
      path,
      access: { action: `${type}/delete` },
      handle(directory, input) {
        const resource = find(directory, input);
        if (resource === undefined) return armAnswer(input, 204);
        directory.servicePrincipals.delete(String(resource.properties["principalId"]));
        directory.resources.delete(resource.id);
        return armAnswer(input, 200);
      },
    },
  ];
}

function idsOf({ id, appId }: { readonly id: string; readonly appId: string }, tenantId: string): object {
  return { tenantId, principalId: id, clientId: appId };
}
