import type { Input } from "../../core/exchange";
import type { Gate } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import { getApplication, getServicePrincipal } from "../../domain/directoryObjects";
import { insufficientPrivileges } from "../../domain/directoryRefusals";
import { permissionsByDirectoryRole } from "../../domain/directoryRolePermissions";
import { globalAdministrator } from "../../domain/directoryRoles";
import { firstPartyAppIds } from "../../domain/firstPartyApplications";
import type { Directory } from "../../state/directory";
import { bearerToken } from "../accessTokens";
import { type Caller, callerLabel } from "../caller";
import type { Services } from "../services";

/** What Microsoft Graph demands for an operation (Microsoft Graph reference, "Permissions" of each operation). */
export interface GraphAccess {
  /** Application permissions of which one suffices. */
  readonly anyOf: readonly string[];
  /** `Application.ReadWrite.OwnedBy` suffices too, when the caller owns the object that this path parameter names. */
  readonly ownerOf?: "applicationId" | "servicePrincipalId";
  /** A service principal may read itself and its own application without any permission. */
  readonly self?: true;
}

/** The permission that allows everything on what the caller owns. */
export const ownedBy = "Application.ReadWrite.OwnedBy";

/**
 * Admits callers by the application permissions in their token; users by the role Global Administrator, or as owners.
 */
export function graphGate(services: Services): Gate<Directory, GraphAccess, Caller> {
  return {
    async admit(access, directory, input) {
      const caller = withDirectoryRoles(directory, await authenticate(services, input));
      const missing = lacks(access, directory, input, caller);
      if (missing !== undefined) throw insufficientPrivileges(`${callerLabel(caller)} lacks ${missing}`);
      return caller;
    },
    label: callerLabel,
  };
}

/** What a caller would need; undefined when it may pass. */
function lacks(access: GraphAccess, directory: Directory, input: Input, caller: Caller): string | undefined {
  const owns = access.ownerOf !== undefined && isOwner(directory, input, access.ownerOf, caller.objectId);
  if (caller.kind === "user") {
    if (caller.directoryRoles.includes(globalAdministrator) || owns) return undefined;
    return "the directory role Global Administrator";
  }
  if (access.anyOf.some((permission) => caller.roles.includes(permission))) return undefined;
  if (access.self === true && isSelf(directory, input, caller)) return undefined;
  const hasOwnedBy = caller.roles.includes(ownedBy);
  if (access.ownerOf !== undefined && hasOwnedBy && owns) return undefined;
  const anyOf = access.anyOf.join(" or ");
  if (access.ownerOf === undefined) return anyOf;
  return `${anyOf}, or ${ownedBy} and ownership of the object (${hasOwnedBy ? "is not an owner" : "lacks the permission"})`;
}

/** The caller with the permissions that a service principal's directory roles give it, beside those in its token. */
function withDirectoryRoles(directory: Directory, caller: Caller): Caller {
  if (caller.kind === "user") return caller;
  return {
    ...caller,
    roles: [...caller.roles, ...permissionsByDirectoryRole(directory, caller.objectId)],
  };
}

/** Who calls, by the token. */
export async function authenticate(services: Services, input: Input): Promise<Caller> {
  const token = bearerToken(input.headers);
  if (token === undefined) throw unauthenticated("Access token is empty.", "no bearer token");
  const audiences = [
    input.base,
    `${input.base}/`,
    "https://graph.microsoft.com",
    "https://graph.microsoft.com/",
    firstPartyAppIds.microsoftGraph,
  ];
  const caller = await services.tokens.verify(token, audiences, input.now);
  if (caller === "expired") {
    throw unauthenticated("Lifetime validation failed, the token is expired.", "token expired");
  }
  if (caller === undefined)
    throw unauthenticated("Access token validation failure.", "signature, time or audience");
  return caller;
}

function unauthenticated(message: string, why: string): Refusal {
  return new Refusal({
    kind: "unauthenticated",
    code: "InvalidAuthenticationToken",
    message,
    why,
    headers: {
      "www-authenticate":
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
        `client_id="${firstPartyAppIds.microsoftGraph}"`,
    },
  });
}

function isOwner(
  directory: Directory,
  input: Input,
  parameter: "applicationId" | "servicePrincipalId",
  callerId: string,
): boolean {
  const key = input.params[parameter];
  return key !== undefined && objectOf(directory, parameter, key).ownerIds.includes(callerId);
}

function isSelf(directory: Directory, input: Input, caller: Caller): boolean {
  const { applicationId, servicePrincipalId } = input.params;
  if (applicationId !== undefined) return getApplication(directory, applicationId).appId === caller.appId;
  return (
    servicePrincipalId !== undefined &&
    getServicePrincipal(directory, servicePrincipalId).id === caller.objectId
  );
}

function objectOf(
  directory: Directory,
  parameter: "applicationId" | "servicePrincipalId",
  key: string,
): { readonly ownerIds: readonly string[] } {
  return parameter === "applicationId" ? getApplication(directory, key) : getServicePrincipal(directory, key);
}
