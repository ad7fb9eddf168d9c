import { formatPath, importCommand } from "dicom-service-client/model";
import { liveApi, liveAppRole, liveConsent } from "../audit/liveObjects";
import { calls } from "../cloud/calls";
import { graphRequest } from "../cloud/graphRequest";
import { childTypes } from "../project/deployedClient";
import type { PlannedClient } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import type { Obstacle } from "./preflightReport";

/** Consents and app roles that a deployed client has already, although the state does not know them: they cannot be made anew. */
export async function existingObstacles(
  parts: PreflightParts,
  changing: readonly PlannedClient[],
): Promise<Found> {
  const found = await Promise.all(
    changing.map(async (client) => {
      const servicePrincipalId = client.deployed?.servicePrincipalId;
      return servicePrincipalId === undefined || client.grants.length === 0
        ? []
        : grantsOf(parts, client, servicePrincipalId);
    }),
  );
  return { obstacles: found.flat() };
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
    const apiName = target.displayName || target.appId;
    const common = {
      kind: "exists-already" as const,
      client: name,
      path: formatPath(["clients", name, type === childTypes.consent ? "consent" : "permissions"]),
    };
    if (type === childTypes.consent) {
      return (consents?.value ?? [])
        .filter((one) => one.resourceId === target.id && one.consentType === "AllPrincipals")
        .map(({ id }) => ({
          ...common,
          detail: `the client has a consent for ${apiName} already, granted by hand or left behind by an interrupted run.`,
          cure: [
            "Look at it first, then import it so that this stack manages it:",
            `  ${graphRequest(cloud.endpoints.graph, "GET", `oauth2PermissionGrants/${id}`)}`,
            `  ${importCommand({ type, name: resource, component }, `/oauth2PermissionGrants/${id}`)}`,
            "or leave consent to administrators, with consent: external.",
          ],
        }));
    }
    const roleId = target.appRoles.find(({ value }) => value === role)?.id;
    return (roles?.value ?? [])
      .filter((one) => one.resourceId === target.id && one.appRoleId === roleId)
      .map(({ id }) => ({
        ...common,
        detail: `the client has the app role ${role} of ${apiName} already, granted by hand or left behind by an interrupted run.`,
        cure: [
          "Look at it first, then import it so that this stack manages it:",
          `  ${graphRequest(cloud.endpoints.graph, "GET", `servicePrincipals/${target.id}/appRoleAssignedTo/${id}`)}`,
          `  ${importCommand({ type, name: resource, component }, `/servicePrincipals/${target.id}/appRoleAssignedTo/${id}`)}`,
        ],
      }));
  });
}
