import { defaultConsent, permissionRequests } from "dicom-service-client/model";
import { graphRequest } from "../cloud/graphRequest";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { isSame, isSameId } from "./canonical";
import { type Comparison, nameOrId, type RemovalCommands } from "./comparison";
import type { Finding } from "./finding";
import type { LiveAppRole, LiveConsent } from "./liveObjects";
import { apiOfPrincipal } from "./liveTenant";

/** What the client may do at APIs: for users by consent, and by itself with application permissions. */
export function comparePermissions(comparison: Comparison): Finding[] {
  return [...consents(comparison), ...appRoles(comparison)];
}

/** What the client asks of APIs, by their client ids, if the configuration leaves the consent to the stack or to an administrator. */
function requestsOf(
  { client, declaration }: Comparison,
  consent: "managed" | "external",
): ReadonlyMap<string, { readonly scopes: readonly string[]; readonly roles: readonly string[] }> {
  const requests =
    client.config && (client.config.consent ?? defaultConsent) === consent
      ? permissionRequests(declaration.api, client.config.permissions ?? [])
      : [];
  return new Map(
    requests.map(({ clientId, scopes, roles }) => [clientId.toLowerCase(), { scopes, roles }] as const),
  );
}

/** The page on which an administrator consents, for permissions of both kinds. */
function adminConsent({ declaration, deployed, live }: Comparison): string {
  return `${declaration.api.loginUrl}/${deployed.tenantId ?? ""}/adminconsent?client_id=${live.ids.clientId ?? ""}`;
}

function consents(comparison: Comparison): Finding[] {
  const { deployed, live, tenant, found, redeploy, unmanaged, graph } = comparison;
  const grants = live.consents?.value;
  if (!grants || live.servicePrincipal?.value === "absent") return [];
  const [managed, external] = [requestsOf(comparison, "managed"), requestsOf(comparison, "external")];
  const apiOf = (resourceId: string): string =>
    nameOrId(apiOfPrincipal(tenant, resourceId)?.displayName, resourceId);
  const appIdOf = (resourceId: string): string => apiOfPrincipal(tenant, resourceId)?.appId ?? "";
  const isGivenByAdministrator = ({ consentType, resourceId, scope }: LiveConsent): boolean => {
    const requested = external.get(appIdOf(resourceId));
    return (
      consentType === "AllPrincipals" &&
      requested !== undefined &&
      scopesOf(scope).every((one) => requested.scopes.includes(one))
    );
  };
  const describe = ({
    resourceId,
    userId,
    scopes,
  }: {
    resourceId: string;
    userId: string;
    scopes: readonly string[];
  }): string =>
    `${[...scopes].sort().join(" ") || "no scope"} of ${apiOf(resourceId)} ${userId === "" ? "for everybody" : `for the user ${userId}`}`;
  const contentOf = (
    grant: LiveConsent,
  ): { resourceId: string; userId: string; scopes: readonly string[] } => ({
    resourceId: grant.resourceId.toLowerCase(),
    userId: grant.consentType === "AllPrincipals" ? "" : grant.principalId.toLowerCase() || "nobody",
    scopes: scopesOf(grant.scope),
  });
  return [
    ...grants.flatMap((grant) => {
      const wanted = deployed.consents.find(({ id }) => id === grant.id);
      const content = contentOf(grant);
      if (wanted) {
        // The component declares it for everybody: a refresh writes what is live into the state.
        const declared = { resourceId: wanted.resourceId.toLowerCase(), userId: "", scopes: wanted.scopes };
        return isSame(content, declared)
          ? []
          : [
              found({
                rule: "consent-changed",
                side: "live",
                object: grant.id,
                detail: `There is consent to ${describe(content)}, instead of to ${describe(declared)}.`,
                content,
                next: redeploy,
              }),
            ];
      }
      const { scopes: configured = [] } = managed.get(appIdOf(grant.resourceId)) ?? {};
      const isConfigured =
        content.userId === "" && configured.length > 0 && isSame(content.scopes, [...configured].sort());
      if (isConfigured) return [unmanaged(grant.id, `The consent to ${describe(content)}`)];
      return isGivenByAdministrator(grant)
        ? []
        : [
            found({
              rule: "consent-undeclared",
              side: "live",
              object: grant.id,
              detail: `There is consent to ${describe(content)}.`,
              content,
              next: inspectBeforeDelete(
                graphRequest(graph, "GET", `oauth2PermissionGrants/${grant.id}`),
                graphRequest(graph, "DELETE", `oauth2PermissionGrants/${grant.id}`),
              ),
            }),
          ];
    }),
    ...deployed.consents
      .filter(({ id }) => !grants.some((grant) => grant.id === id))
      .map(({ id, scopes }) =>
        found({
          rule: "consent-missing",
          side: "live",
          object: id,
          detail: `The consent to ${[...scopes].sort().join(" ")} is gone.`,
          next: redeploy,
        }),
      ),
    ...[...external]
      .filter(
        ([api, { scopes }]) =>
          scopes.length > 0 &&
          !grants.some(
            (grant) =>
              appIdOf(grant.resourceId) === api &&
              grant.consentType === "AllPrincipals" &&
              scopes.every((scope) => scopesOf(grant.scope).includes(scope)),
          ),
      )
      .map(([api, { scopes }]) =>
        found({
          rule: "consent-pending",
          side: "live",
          object: api,
          detail: `There is no consent to ${scopes.join(" ")} of the API ${api} yet.`,
          next: adminConsent(comparison),
        }),
      ),
  ];
}

function appRoles(comparison: Comparison): Finding[] {
  const { deployed, live, tenant, found, redeploy, recreated, unmanaged, graph } = comparison;
  const assignments = live.appRoles?.value;
  if (!assignments || live.servicePrincipal?.value === "absent") return [];
  const [managed, external] = [requestsOf(comparison, "managed"), requestsOf(comparison, "external")];
  const nameOf = ({ resourceId, appRoleId }: Pick<LiveAppRole, "resourceId" | "appRoleId">): string =>
    apiOfPrincipal(tenant, resourceId)?.roleNames[appRoleId.toLowerCase()] ?? appRoleId;
  const contentOf = ({
    principalId,
    resourceId,
    appRoleId,
  }: Pick<LiveAppRole, "principalId" | "resourceId" | "appRoleId">): object => ({
    principalId: principalId.toLowerCase(),
    resourceId: resourceId.toLowerCase(),
    appRoleId: appRoleId.toLowerCase(),
  });
  const commandsFor = (id: string): RemovalCommands => {
    const path = `servicePrincipals/${live.ids.servicePrincipalId ?? ""}/appRoleAssignments/${id}`;
    return { look: graphRequest(graph, "GET", path), remove: graphRequest(graph, "DELETE", path) };
  };
  const remove = (id: string): string => inspectBeforeDelete(commandsFor(id).look, commandsFor(id).remove);
  const missing = deployed.appRoles.filter(({ id }) => !assignments.some((one) => one.id === id));
  return [
    ...assignments.flatMap((assignment) => {
      const { id, resourceId, createdDateTime } = assignment;
      const api = apiOfPrincipal(tenant, resourceId);
      const name = nameOf(assignment);
      const what = `${name} of ${nameOrId(api?.displayName || assignment.resourceDisplayName, resourceId)}`;
      const content = contentOf(assignment);
      const wanted = deployed.appRoles.find((one) => one.id === id);
      if (wanted) {
        return isSame(contentOf(wanted), content)
          ? []
          : [
              found({
                rule: "app-role-changed",
                side: "live",
                object: id,
                detail: `Under the id of the declared application permission, ${assignment.principalId} may use ${what}, instead of ${wanted.principalId} ${nameOf(wanted)} of ${wanted.resourceId}.`,
                content,
                startsAt: createdDateTime,
                next: remove(id),
              }),
            ];
      }
      if (missing.some((one) => isSame(contentOf(one), content))) {
        return [recreated(id, `The application permission ${what}`, commandsFor(id))];
      }
      const clientId = api?.appId ?? "";
      if (managed.get(clientId)?.roles.includes(name)) {
        return [unmanaged(id, `The application permission ${what}`)];
      }
      const isLeft = external.get(clientId)?.roles.includes(name) ?? false;
      return isLeft
        ? []
        : [
            found({
              rule: "app-role-undeclared",
              side: "live",
              object: id,
              detail: `It may use ${what}.`,
              content,
              startsAt: createdDateTime,
              next: remove(id),
            }),
          ];
    }),
    ...[...external].flatMap(([clientId, { roles }]) => {
      const granted = assignments
        .filter(({ resourceId }) => isSameId(apiOfPrincipal(tenant, resourceId)?.appId, clientId))
        .map(nameOf);
      const pending = roles.filter((role) => !granted.includes(role));
      return pending.length === 0
        ? []
        : [
            found({
              rule: "consent-pending",
              side: "live",
              object: `${clientId}/roles`,
              detail: `The application permissions ${pending.join(" ")} of the API ${clientId} have not been granted yet.`,
              next: adminConsent(comparison),
            }),
          ];
    }),
    ...missing
      .filter((one) => !assignments.some((assignment) => isSame(contentOf(one), contentOf(assignment))))
      .map(({ id, resource }) =>
        found({
          rule: "app-role-missing",
          side: "live",
          object: id,
          detail: `The application permission "${resource}" is gone.`,
          next: redeploy,
        }),
      ),
  ];
}

function scopesOf(scope: string): readonly string[] {
  return scope
    .split(" ")
    .filter((one) => one !== "")
    .sort();
}
