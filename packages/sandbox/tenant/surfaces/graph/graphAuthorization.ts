import { type Input, param } from "../../core/request";
import type { Authorization } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import { getApplication, getServicePrincipal } from "../../domain/directoryObjects";
import { insufficientPrivileges } from "../../domain/directoryRefusals";
import { permissionsByDirectoryRole } from "../../domain/directoryRolePermissions";
import { globalAdministrator } from "../../domain/directoryRoles";
import { firstPartyAppIds } from "../../domain/firstPartyApplications";
import { getDeletedItem } from "../../domain/recycleBin";
import { tenantSettings } from "../../domain/tenantSettings";
import type { Directory } from "../../state/directory";
import { bearerToken } from "../accessTokens";
import { type Caller, callerLabel } from "../caller";
import type { Services } from "../services";
import { applicationKind, servicePrincipalKind } from "./objectKinds";

/** Application permissions that suffice together. */
export type PermissionSet = readonly string[];

/** What Microsoft Graph demands for an operation (Microsoft Graph reference, "Permissions" of each operation). */
export interface GraphAccess {
  /** Sets of which one suffices. */
  readonly sets: readonly PermissionSet[];
  /** Sets that some source calls sufficient and another does not; they count when the tenant is set to be lenient. */
  readonly contested?: readonly PermissionSet[];
  /** `Application.ReadWrite.OwnedBy` counts only when the caller owns the object that this path parameter names. */
  readonly ownerOf?: OwnedParameter;
  /** A service principal may read itself and its own application without any permission. */
  readonly self?: true;
}

type OwnedParameter = "applicationId" | "servicePrincipalId" | "deletedId";

/** The permission that allows everything on what the caller owns. */
export const ownedBy = "Application.ReadWrite.OwnedBy";

/**
 * Admits callers by the application permissions in their token; users by the role Global Administrator, or as owners.
 */
export function graphAuthorization(services: Services): Authorization<Directory, GraphAccess, Caller> {
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
  const owners = access.ownerOf === undefined ? [] : ownersOf[access.ownerOf](directory, input);
  const owns = owners?.includes(caller.objectId) === true;
  if (caller.kind === "user") {
    if (caller.directoryRoles.includes(globalAdministrator) || owns) return undefined;
    return "the directory role Global Administrator";
  }
  const { sets, contested = [], ownerOf, self } = access;
  const counting = isLenient(directory) ? [...sets, ...contested] : sets;
  const counts = (permission: string): boolean =>
    caller.roles.includes(permission) && (permission !== ownedBy || ownerOf === undefined || owns);
  if (counting.some((set) => set.every(counts))) return undefined;
  if (self === true && isSelf(directory, input, caller)) return undefined;
  const anyOf = counting.map((set) => set.join(" with ")).join(" or ");
  if (ownerOf === undefined || !caller.roles.includes(ownedBy)) return anyOf;
  return owns ? anyOf : `${anyOf} (is not an owner, so that ${ownedBy} does not count)`;
}

/** Whether permissions count about which sources disagree. */
export function isLenient(directory: Directory): boolean {
  return tenantSettings(directory).contestedPermissions === "lenient";
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

function isSelf(directory: Directory, input: Input, caller: Caller): boolean {
  const { applicationId, servicePrincipalId } = input.params;
  if (applicationId !== undefined) return getApplication(directory, applicationId).appId === caller.appId;
  return (
    servicePrincipalId !== undefined &&
    getServicePrincipal(directory, servicePrincipalId).id === caller.objectId
  );
}

/** Who owns the object that a path parameter names. */
const ownersOf: Readonly<
  Record<OwnedParameter, (directory: Directory, input: Input) => readonly string[] | undefined>
> = {
  applicationId: (directory, input) => applicationKind.find(directory, input).ownerIds,
  servicePrincipalId: (directory, input) => servicePrincipalKind.find(directory, input).ownerIds,
  deletedId(directory, input) {
    const { application, servicePrincipal } = getDeletedItem(directory, param(input, "deletedId"), input.now);
    return (application ?? servicePrincipal)?.ownerIds;
  },
};
