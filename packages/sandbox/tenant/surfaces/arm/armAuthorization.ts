import type { Input } from "../../core/request";
import { decodePath } from "../../core/router";
import type { Authorization } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import { allowing } from "../../domain/azureAccess";
import { firstPartyAppIds } from "../../domain/firstPartyApplications";
import { parseCondition, type ConditionContext } from "../../domain/roleConditions";
import type { Directory } from "../../state/directory";
import { bearerToken } from "../accessTokens";
import { callerLabel, type Caller } from "../caller";
import type { Services } from "../services";

/** What Azure Resource Manager demands: an Azure role that allows the action at the resource, or any valid token. */
export interface ArmAccess {
  /** For example `Microsoft.Authorization/roleAssignments/write`; null when every caller of the tenant may. */
  readonly action: string | null;
  /** Where the action must be allowed, everywhere of it. Default: at the address of the request. */
  readonly scopes?: (directory: Directory, input: Input) => readonly string[];
  /** What conditions of the caller's role assignments may look at; none unless given. */
  readonly attributes?: (directory: Directory, input: Input) => Omit<ConditionContext, "action">;
}

/** Admits callers by their Azure roles at the address of the request. */
export function armAuthorization(services: Services): Authorization<Directory, ArmAccess, Caller> {
  return {
    async admit(access, directory, input) {
      const caller = await authenticate(services, input);
      checkApiVersion(input);
      if (access.action === null) return caller;
      const { action } = access;
      const scope = decodePath(input.path);
      const allowedAt = (at: string): ReturnType<typeof allowing> =>
        allowing(directory, caller.objectId, "actions", action, at);
      const scopes = access.scopes?.(directory, input) ?? [scope];
      const refused = scopes.find((at) => allowedAt(at).length === 0);
      if (refused !== undefined) throw authorizationFailed(caller, action, refused, "");
      const allowed = scopes.flatMap(allowedAt);
      const attributes = access.attributes?.(directory, input) ?? { request: {}, resource: {} };
      const fulfilled = allowed.some(
        ({ assignment }) =>
          assignment.condition === null || parseCondition(assignment.condition)({ action, ...attributes }),
      );
      if (!fulfilled) throw authorizationFailed(caller, action, scope, " or an ABAC condition not fulfilled");
      return caller;
    },
    label: callerLabel,
  };
}

/** @param alternative what else than a missing role may have kept the caller out */
function authorizationFailed(caller: Caller, action: string, scope: string, alternative: string): Refusal {
  const client = caller.kind === "user" ? caller.name : caller.appId;
  return new Refusal({
    kind: "forbidden",
    code: "AuthorizationFailed",
    message:
      `The client '${client}' with object id '${caller.objectId}' does not have authorization${alternative} to perform action ` +
      `'${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    headers: { "x-ms-failure-cause": "gateway" },
    why:
      alternative === ""
        ? `${callerLabel(caller)} lacks an Azure role with ${action} at ${scope}`
        : `the conditions on the roles of ${callerLabel(caller)} do not allow ${action} at ${scope}`,
  });
}

async function authenticate(services: Services, input: Input): Promise<Caller> {
  const token = bearerToken(input.headers);
  if (token === undefined) {
    throw unauthenticated(
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const audiences = [
    input.base,
    `${input.base}/`,
    "https://management.azure.com",
    "https://management.azure.com/",
    "https://management.core.windows.net",
    "https://management.core.windows.net/",
    firstPartyAppIds.azureResourceManager,
  ];
  const caller = await services.tokens.verify(token, audiences, input.now);
  if (caller === "expired")
    throw unauthenticated("ExpiredAuthenticationToken", "The access token has expired.");
  if (caller === undefined)
    throw unauthenticated("InvalidAuthenticationToken", "The access token is invalid.");
  return caller;

  function unauthenticated(code: string, message: string): Refusal {
    const authority = `${input.base}/${services.profile.tenantId}`;
    return new Refusal({
      kind: "unauthenticated",
      code,
      message,
      headers: { "www-authenticate": `Bearer authorization_uri="${authority}", error="invalid_token"` },
    });
  }
}

function checkApiVersion(input: Input): void {
  const version = input.query.get("api-version");
  if (version !== null && /^\d{4}-\d\d-\d\d(-preview)?$/.test(version)) return;
  throw new Refusal({
    kind: "badRequest",
    code: "MissingApiVersionParameter",
    message: "The api-version query parameter (?api-version=) is required for all requests.",
  });
}
