import { applicationByAppId, servicePrincipalByAppId } from "../../domain/directoryObjects";
import { firstPartyAppIds } from "../../domain/firstPartyApplications";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { TenantProfile } from "../../domain/tenantProfile";
import type { Directory } from "../../state/directory";
import type { ServicePrincipalRecord } from "../../state/records";
import type { TokenRequest } from "../accessTokens";
import type { Services } from "../services";
import { loginRefusals } from "./loginRefusals";

/** The API that a token is asked for. */
export interface Resource {
  readonly principal: ServicePrincipalRecord;
  readonly audience: string;
  readonly issuer: string;
  readonly version: "1.0" | "2.0";
}

/**
 * Finds the API by the `…/.default` scope. The tenant's own address stands for Microsoft Graph, and so for Resource Manager too.
 * @throws Refusal AADSTS500011 when no service principal of the tenant has that name
 */
export function resolveResource(
  directory: Directory,
  scope: string,
  base: string,
  profile: TenantProfile,
): Resource {
  const name = /^(.+)\/\.default$/.exec(scope)?.[1];
  if (name === undefined) throw loginRefusals.invalidScope(scope);
  const principal =
    name.replace(/\/$/, "") === base
      ? servicePrincipalByAppId(directory, firstPartyAppIds.microsoftGraph)
      : directory.servicePrincipals.all().find((candidate) => {
          return servicePrincipalFacts(directory, candidate, profile.tenantId).servicePrincipalNames.includes(
            name,
          );
        });
  if (principal === undefined) throw loginRefusals.resourceNotFound(name, profile.displayName);
  const version = applicationByAppId(directory, principal.appId)?.properties.api.requestedAccessTokenVersion;
  return version === 2
    ? { principal, audience: principal.appId, issuer: `${base}/${profile.tenantId}/v2.0`, version: "2.0" }
    : { principal, audience: name, issuer: `https://sts.windows.net/${profile.tenantId}/`, version: "1.0" };
}

/** Values of the app roles that the client holds on the API. */
export function resourceRoles(
  directory: Directory,
  client: ServicePrincipalRecord,
  resource: ServicePrincipalRecord,
  tenantId: string,
): readonly string[] {
  const { appRoles } = servicePrincipalFacts(directory, resource, tenantId);
  return directory.appRoleAssignments
    .all()
    .filter((assignment) => assignment.principalId === client.id && assignment.resourceId === resource.id)
    .flatMap((assignment) => appRoles.find((role) => role.id === assignment.appRoleId)?.value ?? []);
}

/** A token of an application or a managed identity by itself, for an API. @param name what the client is called in it */
export function applicationToken(
  directory: Directory,
  client: ServicePrincipalRecord,
  name: string,
  resource: Resource,
  { tokens, profile: { tenantId } }: Services,
  request: Pick<TokenRequest, "clientAuthentication" | "now">,
): Promise<string> {
  const { principal, ...named } = resource;
  return tokens.issue({
    ...named,
    ...request,
    tenantId,
    caller: {
      kind: "application",
      objectId: client.id,
      appId: client.appId,
      name,
      roles: resourceRoles(directory, client, principal, tenantId),
      directoryRoles: [],
    },
    scope: null,
  });
}
