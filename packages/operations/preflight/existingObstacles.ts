import { childName, equalAssignmentCure, formatPath, importCommand } from "dicom-service-client/model";
import {
  liveApi,
  liveAppRole,
  liveConsent,
  liveFederatedCredential,
  liveRoleAssignment,
} from "../audit/liveObjects";
import { calls } from "../cloud/calls";
import { graphRequest } from "../cloud/graphRequest";
import { federatedCredentialCommand } from "../cloud/federatedCredentialCommand";
import { addedFederation } from "./federatedObstacles";
import { childTypes } from "../project/deployedClient";
import { changesHolder, type PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle } from "./preflightReport";
import { lastPart } from "../project/lastPart";

/**
 * Consents, app roles, Azure roles and federated credentials that a deployed client has already, although the state does not know
 * them: they cannot be made anew.
 */
export async function existingObstacles(
  parts: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const found = await Promise.all(
    changing.map(async (client) => {
      const servicePrincipalId = holderOf(client);
      const objectId = client.deployed?.objectId;
      return [
        ...(servicePrincipalId === undefined || client.grants.length === 0
          ? []
          : await grantsOf(parts, client, servicePrincipalId)),
        ...(servicePrincipalId === undefined ? [] : await rolesOf(parts, client, servicePrincipalId)),
        ...(objectId === undefined ? [] : await federationOf(parts, client, objectId)),
      ];
    }),
  );
  return { obstacles: found.flat() };
}

/** Object id of what has the rights of a deployed client after the update; undefined of what is only made by it. */
function holderOf({ config, deployed }: PlannedClient): string | undefined {
  const identity = config?.runsOn?.managedIdentity.principalId;
  return deployed === undefined || (identity === undefined && changesHolder(config, deployed))
    ? undefined
    : (identity ?? deployed.servicePrincipalId);
}

async function rolesOf(
  { reader }: PreflightParts,
  { name, deployed, roles }: PlannedClient,
  principalId: string,
): Promise<readonly Obstacle[]> {
  const found = await Promise.all(
    roles.map(async ({ resource, index, scope, roleId }): Promise<readonly Obstacle[]> => {
      // That there is no such scope is an obstacle of its own.
      const ifThere = Promise.resolve({ value: "absent" });
      const at = { scope, principalId };
      const there = await reader.all(calls.roleAssignmentsOfPrincipal, liveRoleAssignment, name, at, ifThere);
      const child = { type: childTypes.azureRole, name: resource, component: deployed?.urn ?? "" };
      return (there?.value ?? [])
        .filter(
          ({ properties }) =>
            properties.scope.toLowerCase() === scope.toLowerCase() &&
            properties.principalId === principalId &&
            properties.roleDefinitionId.toLowerCase().endsWith(`/${roleId.toLowerCase()}`),
        )
        .map(({ id }) => ({
          kind: "exists-already",
          client: name,
          path: formatPath(["clients", name, "access", index]),
          detail: `the client has this role already, by an assignment that this stack does not manage (${lastPart(id)}).`,
          cure: equalAssignmentCure(child, id),
        }));
    }),
  );
  return found.flat();
}

async function federationOf(
  { reader, cloud }: PreflightParts,
  client: PlannedClient,
  objectId: string,
): Promise<readonly Obstacle[]> {
  const { name, deployed } = client;
  const added = addedFederation(client);
  if (added.length === 0) return [];
  const live = await reader.all(calls.federatedCredentials, liveFederatedCredential, name, { objectId });
  const own = (deployed?.federatedCredentials ?? []).map((one) => one.name);
  const unmanaged = (live?.value ?? []).filter((one) => !own.includes(one.name));
  return added.flatMap(({ credential, index }) =>
    unmanaged
      .filter(
        (one) =>
          one.name === credential.name ||
          (one.issuer === credential.issuer && one.subject !== "" && one.subject === credential.subject),
      )
      .map((one) => {
        const kind =
          one.claimsMatchingExpression === "" ? "federatedCredential" : "flexibleFederatedCredential";
        const command = (action: "show" | "delete"): string =>
          federatedCredentialCommand(action, cloud.endpoints.graph, objectId, one);
        const child = {
          type: childTypes[kind === "federatedCredential" ? "federated" : "flexible"],
          name: childName(name, kind, one.name),
          component: deployed?.urn ?? "",
        };
        const id =
          kind === "federatedCredential"
            ? `${objectId}/federatedIdentityCredential/${one.id}`
            : `/applications/${objectId}/federatedIdentityCredentials/${one.id}`;
        return {
          kind: "exists-already" as const,
          client: name,
          path: formatPath(["clients", name, "federatedCredentials", index]),
          detail: `the application has a federated credential ${JSON.stringify(one.name)} with its ${one.name === credential.name ? "name" : "issuer and subject"}, which this stack does not manage. Entra allows each once.`,
          cure: [
            "Look at it first:",
            `  ${command("show")}`,
            `If it is this client's, declare it as it is, under the name ${one.name}, and import it:`,
            `  ${importCommand(child, id)}`,
            "Only if nobody signs in with it, delete it instead; it holds no secret:",
            `  # ${command("delete")}`,
          ],
        };
      }),
  );
}

async function grantsOf(
  { reader, cloud }: PreflightParts,
  { name, deployed, grants }: PlannedClient,
  servicePrincipalId: string,
): Promise<readonly Obstacle[]> {
  const [consents, roles, apis] = await Promise.all([
    reader.all(calls.consents, liveConsent, name, { servicePrincipalId }),
    grants.some(({ type }) => type === childTypes.appRole)
      ? reader.all(calls.appRoles, liveAppRole, name, { servicePrincipalId })
      : undefined,
    Promise.all(
      [...new Set(grants.map(({ api }) => api))].map((clientId) =>
        reader.all(calls.servicePrincipalsByClientId, liveApi, name, { clientId }),
      ),
    ),
  ]);
  const known = apis.flatMap((api) => api?.value ?? []);
  const component = deployed?.urn ?? "";
  return grants.flatMap(({ type, resource, api, role }): readonly Obstacle[] => {
    const target = known.find(({ appId }) => appId.toLowerCase() === api.toLowerCase());
    if (!target) return [];
    const isConsent = type === childTypes.consent;
    const roleId = target.appRoles.find(({ value }) => value === role)?.id;
    const there = isConsent
      ? (consents?.value ?? []).filter(({ consentType }) => consentType === "AllPrincipals")
      : (roles?.value ?? []).filter(({ appRoleId }) => appRoleId === roleId);
    const what = isConsent ? "a consent for" : `the app role ${role} of`;
    return there
      .filter(({ resourceId }) => resourceId === target.id)
      .map(({ id }) => {
        const path = isConsent
          ? `oauth2PermissionGrants/${id}`
          : `servicePrincipals/${target.id}/appRoleAssignedTo/${id}`;
        return {
          kind: "exists-already",
          client: name,
          path: formatPath(["clients", name, isConsent ? "consent" : "permissions"]),
          detail: `the client has ${what} ${target.displayName || target.appId} already, granted by hand or left behind by an interrupted run.`,
          cure: [
            "Look at it first, then import it so that this stack manages it:",
            `  ${graphRequest(cloud.endpoints.graph, "GET", path)}`,
            `  ${importCommand({ type, name: resource, component }, `/${path}`)}`,
            ...(isConsent ? ["or leave consent to administrators, with consent: external."] : []),
          ],
        };
      });
  });
}
