import type { OAuth2PermissionGrant } from "@microsoft/microsoft-graph-types";
import { param } from "../../core/request";
import * as s from "../../core/bodySchema";
import { getServicePrincipal } from "../../domain/directoryObjects";
import { propertyFixed } from "../../domain/directoryRefusals";
import { createGrant, getGrant } from "../../domain/grants";
import type { GrantRecord } from "../../state/records";
import { parseBody, readBody, readProperties } from "./graphBody";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, entityAnswer, noContent, type Entity, type EntityType } from "./odataQuery";

const grantType: EntityType = { name: "microsoft.graph.oAuth2PermissionGrant", onlySelected: {} };

const grantSchema = s.object(
  {
    clientId: s.guid,
    consentType: s.text,
    principalId: s.nullable(s.guid),
    resourceId: s.guid,
    scope: s.text,
  },
  ["clientId", "consentType", "resourceId", "scope"],
);
const grantUpdateSchema = s.object({ scope: s.text });

const filters = {
  clientId: (grant: GrantRecord) => grant.clientId,
  consentType: (grant: GrantRecord) => grant.consentType,
  principalId: (grant: GrantRecord) => grant.principalId,
  resourceId: (grant: GrantRecord) => grant.resourceId,
};

/** Consents to delegated permissions. */
export function grantOperations(): readonly GraphOperation[] {
  return [
    {
      id: "graph.oauth2PermissionGrants.list",
      method: "GET",
      path: "/{version}/oauth2PermissionGrants",
      access: graphAccess.readGrants,
      handle: (directory, input) =>
        collectionAnswer(
          input,
          "oauth2PermissionGrants",
          grantType,
          directory.grants.all(),
          grantView,
          filters,
        ),
    },
    {
      id: "graph.servicePrincipals.oauth2PermissionGrants.list",
      method: "GET",
      path: "/{version}/servicePrincipals/{servicePrincipalId}/oauth2PermissionGrants",
      access: graphAccess.readGrants,
      handle(directory, input) {
        const { id } = getServicePrincipal(directory, param(input, "servicePrincipalId"));
        const grants = directory.grants.all().filter((grant) => grant.clientId === id);
        return collectionAnswer(input, "oauth2PermissionGrants", grantType, grants, grantView, filters);
      },
    },
    {
      id: "graph.oauth2PermissionGrants.create",
      method: "POST",
      path: "/{version}/oauth2PermissionGrants",
      access: graphAccess.changeGrants,
      handle(directory, input) {
        const grant = createGrant(directory, readBody(input, grantSchema, "OAuth2PermissionGrant"));
        return entityAnswer(input, "oauth2PermissionGrants", grantType, grantView(grant), 201);
      },
    },
    {
      id: "graph.oauth2PermissionGrants.get",
      method: "GET",
      path: "/{version}/oauth2PermissionGrants/{grantId}",
      access: graphAccess.readGrants,
      handle: (directory, input) =>
        entityAnswer(
          input,
          "oauth2PermissionGrants",
          grantType,
          grantView(getGrant(directory, param(input, "grantId"))),
        ),
    },
    {
      id: "graph.oauth2PermissionGrants.update",
      method: "PATCH",
      path: "/{version}/oauth2PermissionGrants/{grantId}",
      access: graphAccess.changeGrants,
      handle(directory, input) {
        const grant = getGrant(directory, param(input, "grantId"));
        const body = parseBody(input);
        const fixed = ["clientId", "consentType", "principalId", "resourceId"].find((name) => name in body);
        if (fixed !== undefined) throw propertyFixed(fixed);
        const { scope } = readProperties(body, grantUpdateSchema, "OAuth2PermissionGrant", {
          scope: grant.scope,
        });
        directory.grants.put({ ...grant, scope });
        return noContent(input);
      },
    },
    {
      id: "graph.oauth2PermissionGrants.delete",
      method: "DELETE",
      path: "/{version}/oauth2PermissionGrants/{grantId}",
      access: graphAccess.changeGrants,
      handle(directory, input) {
        directory.grants.delete(getGrant(directory, param(input, "grantId")).id);
        return noContent(input);
      },
    },
  ];
}

function grantView(grant: GrantRecord): Entity {
  const view: OAuth2PermissionGrant = grant;
  return { ...view };
}
