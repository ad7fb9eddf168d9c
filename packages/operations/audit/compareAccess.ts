import { defaultConsent, permissionRequests } from "dicom-service-client/model";
import { quoted, type Comparison } from "./comparison";
import type { Finding } from "./finding";
import { graphRequest } from "../cloud/graphRequest";
import type { LiveConsent } from "./liveObjects";

/** What the client may do: consents, application permissions, directory roles, groups and Azure roles. */
export function compareAccess(comparison: Comparison): Finding[] {
  return [
    ...consents(comparison),
    ...appRoles(comparison),
    ...memberships(comparison),
    ...azureRoles(comparison),
  ];
}

/** What an administrator may consent to from outside of the stack, by the client id of the API. */
function leftToAdministrator({
  client,
  declaration,
}: Comparison): ReadonlyMap<
  string,
  { readonly scopes: readonly string[]; readonly roles: readonly string[] }
> {
  const isExternal = (client.config?.consent ?? defaultConsent) === "external";
  const requests =
    client.config && isExternal
      ? permissionRequests(declaration.api, client.config.permissions?.map(withLists) ?? [])
      : [];
  return new Map(requests.map(({ clientId, scopes, roles }) => [clientId, { scopes, roles }] as const));
}

function withLists(entry: {
  readonly api: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
}): { api: string; scopes: string[]; roles: string[] } {
  return { api: entry.api, scopes: [...(entry.scopes ?? [])], roles: [...(entry.roles ?? [])] };
}

function consents(comparison: Comparison): Finding[] {
  const { deployed, live, tenant, found, redeploy, declaration, graph } = comparison;
  const grants = live.consents?.value;
  if (!grants || live.servicePrincipal?.value === "absent") return [];
  const external = leftToAdministrator(comparison);
  const apiOf = (resourceId: string): string => tenant.apis.get(resourceId)?.displayName ?? resourceId;
  const appIdOf = (resourceId: string): string => tenant.apis.get(resourceId)?.appId ?? "";
  const isGivenByAdministrator = ({ consentType, resourceId, scope }: LiveConsent): boolean => {
    const requested = external.get(appIdOf(resourceId));
    return (
      consentType === "AllPrincipals" &&
      requested !== undefined &&
      scopesOf(scope).every((one) => requested.scopes.includes(one))
    );
  };
  const remove = (id: string): string => graphRequest(graph, "DELETE", `oauth2PermissionGrants/${id}`);
  return [
    ...grants.flatMap((grant) => {
      const wanted = deployed.consents.find(({ id }) => id === grant.id);
      const whom =
        grant.consentType === "AllPrincipals" ? "for everybody" : `for the user ${grant.principalId ?? ""}`;
      const what = `${scopesOf(grant.scope).join(" ")} of ${quoted(apiOf(grant.resourceId))} ${whom}`;
      if (wanted) {
        return same(scopesOf(grant.scope), wanted.scopes)
          ? []
          : [
              found({
                rule: "consent-changed",
                side: "live",
                object: grant.id,
                detail: `There is consent to ${what}, instead of to ${[...wanted.scopes].sort().join(" ")}.`,
                next: redeploy,
              }),
            ];
      }
      return isGivenByAdministrator(grant)
        ? []
        : [
            found({
              rule: "consent-undeclared",
              side: "live",
              object: grant.id,
              detail: `There is consent to ${what}.`,
              next: remove(grant.id),
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
          next: `${declaration.api.loginUrl}/${deployed.tenantId ?? ""}/adminconsent?client_id=${deployed.clientId ?? ""}`,
        }),
      ),
  ];
}

function appRoles(comparison: Comparison): Finding[] {
  const { deployed, live, tenant, found, redeploy, graph } = comparison;
  const assignments = live.appRoles?.value;
  if (!assignments || live.servicePrincipal?.value === "absent") return [];
  const external = leftToAdministrator(comparison);
  return [
    ...assignments.flatMap((assignment) => {
      const { id, resourceId, appRoleId, createdDateTime } = assignment;
      const api = tenant.apis.get(resourceId);
      const name = api?.roleNames[appRoleId] ?? appRoleId;
      const isLeft = external.get(api?.appId ?? "")?.roles.includes(name) ?? false;
      return isLeft || deployed.appRoles.some((wanted) => wanted.id === id)
        ? []
        : [
            found({
              rule: "app-role-undeclared",
              side: "live",
              object: id,
              detail: `It may use ${name} of ${quoted(api?.displayName ?? assignment.resourceDisplayName)}.`,
              startsAt: createdDateTime,
              next: graphRequest(
                graph,
                "DELETE",
                `servicePrincipals/${deployed.servicePrincipalId ?? ""}/appRoleAssignments/${id}`,
              ),
            }),
          ];
    }),
    ...deployed.appRoles
      .filter(({ id }) => !assignments.some((assignment) => assignment.id === id))
      .map(({ id, resource }) =>
        found({
          rule: "app-role-missing",
          side: "live",
          object: id,
          detail: `The application permission ${quoted(resource)} is gone.`,
          next: redeploy,
        }),
      ),
  ];
}

function memberships({ deployed, live, found, graph }: Comparison): Finding[] {
  return (live.memberships?.value ?? []).map((membership) => {
    const isRole = membership["@odata.type"] === "#microsoft.graph.directoryRole";
    return found({
      rule: isRole ? "directory-role" : "group-membership",
      side: "live",
      object: membership.id,
      detail: `It ${isRole ? "has the directory role" : "is a member of the group"} ${quoted(membership.displayName)}.`,
      next: graphRequest(
        graph,
        "DELETE",
        `${isRole ? "directoryRoles" : "groups"}/${membership.id}/members/${deployed.servicePrincipalId ?? ""}/$ref`,
      ),
    });
  });
}

/** Roles with which a principal can give itself and others any other role. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const powerfulRoles = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", // Owner
  "b24988ac-6180-42a0-ab88-20f7382dd24c", // Contributor
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", // User Access Administrator
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168", // Role Based Access Control Administrator
];

function azureRoles({ deployed, tenant, found, redeploy }: Comparison): Finding[] {
  if (!tenant.rolesByPrincipal || deployed.servicePrincipalId === undefined) return [];
  const assignments = tenant.rolesByPrincipal.value.get(deployed.servicePrincipalId.toLowerCase()) ?? [];
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  return [
    ...assignments
      .filter(({ id }) => !deployed.azureRoles.some((wanted) => isSame(wanted.id, id)))
      .map(({ id, properties }) => {
        const roleId = properties.roleDefinitionId.slice(properties.roleDefinitionId.lastIndexOf("/") + 1);
        const name = tenant.roleNames.get(properties.roleDefinitionId.toLowerCase()) ?? roleId;
        return found({
          rule: "azure-role-undeclared",
          ...(powerfulRoles.includes(roleId.toLowerCase()) ? { severity: "critical" as const } : {}),
          side: "live",
          object: id,
          detail: `It has the Azure role ${quoted(name)} at ${properties.scope || "/"}.`,
          startsAt: properties.createdOn,
          next: `az role assignment delete --ids ${id}`,
        });
      }),
    ...deployed.azureRoles
      .filter(({ id }) => !assignments.some((assignment) => isSame(assignment.id, id)))
      .map(({ id, scope }) =>
        found({
          rule: "azure-role-missing",
          side: "live",
          object: id,
          detail: `The Azure role at ${scope} is gone.`,
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

function same(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join(" ") === [...other].sort().join(" ");
}
