import { bindOperations, type Authorization, type Operation, type Surface } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import type { Answer, Input } from "../../core/request";
import { isSameKey } from "../../core/sameKey";
import { findIdentityPrincipal } from "../../domain/managedIdentities";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { Directory } from "../../state/directory";
import type { ServicePrincipalRecord } from "../../state/records";
import { tokenLifetime } from "../accessTokens";
import { assertionLifetime, issuedAssertion } from "../login/issuedAssertion";
import { loginRefusals } from "../login/loginRefusals";
import { applicationToken, resolveResource } from "../login/resources";
import { azureDevOpsClaims, entraIssuer, exchangeAudiences } from "../login/workloadTokens";
import { renderPlainRefusal, uncachedAnswer } from "../plainRenderer";
import type { Services } from "../services";

/** What the places share with the rest of the tenant. */
export interface PlacesServices extends Services {
  /** Stands for what a place gives to its own workloads alone, so that no other process gets their tokens. */
  readonly controlKey: string;
}

/** The organization of Azure DevOps whose service connections the sandbox plays. */
const azureDevOpsOrganizationId = "00000000-0000-0000-0000-00000000c0de";

const identityPath = "/_places/managed-identity/token";
const pipelinePath = "/_places/azure-devops/oidctoken";

type PlaceOperation = Operation<Directory, "workload", null>;

/**
 * The endpoints at which a workload gets the token of the place that it runs at, as client libraries ask for it: a managed identity in
 * Azure App Service, and a job of Azure Pipelines. Sources: https://learn.microsoft.com/azure/app-service/overview-managed-identity
 * (REST endpoint) and https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export function placesSurface(services: PlacesServices): Surface<Directory> {
  const authorization: Authorization<Directory, "workload", null> = {
    admit(_access, _directory, { headers }) {
      const sent = headers["x-identity-header"] ?? /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
      if (isSameKey(String(sent), services.controlKey)) return null;
      throw new Refusal({
        kind: "unauthenticated",
        code: "WrongControlKey",
        message:
          "A place hands out tokens only to its workloads: the identity header or token is wrong or missing.",
      });
    },
    label: () => "workload",
  };
  return {
    name: "places",
    operations: bindOperations(authorization, operations(services)),
    owns: (path) => path.startsWith("/_places/"),
    render: renderPlainRefusal,
  };
}

/** What a place sets in the environment of its workloads, by its key in `runsOn`. */
export function placeEnvironments(
  base: string,
  key: string,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return {
    managedIdentity: { IDENTITY_ENDPOINT: `${base}${identityPath}`, IDENTITY_HEADER: key },
    azureDevOps: { SYSTEM_OIDCREQUESTURI: `${base}${pipelinePath}`, SYSTEM_ACCESSTOKEN: key },
  };
}

function operations(services: PlacesServices): readonly PlaceOperation[] {
  return [
    {
      id: "places.managedIdentity.token",
      method: "GET",
      path: identityPath,
      access: "workload",
      handle: (directory, input) => managedIdentityToken(directory, input, services),
    },
    {
      id: "places.azureDevOps.token",
      method: "POST",
      path: pipelinePath,
      access: "workload",
      effect: "read",
      handle: (_directory, input) => azureDevOpsToken(input, services),
    },
  ];
}

/**
 * A managed identity is told by the object id of its service principal or by its client id. One that the tenant does not know gets
 * tokens for the exchange alone, for whoever only wants to try federation.
 */
async function managedIdentityToken(
  directory: Directory,
  input: Input,
  services: PlacesServices,
): Promise<Answer> {
  const named = ["object_id", "principal_id", "client_id"].flatMap((name) => input.query.get(name) ?? []);
  const [identity] = named;
  const resource = input.query.get("resource");
  if (identity === undefined || resource === null) {
    throw new Refusal({
      kind: "badRequest",
      code: "invalid_request",
      message: "The sandbox's identity endpoint needs resource and object_id, principal_id or client_id.",
    });
  }
  const principal = findIdentityPrincipal(directory, identity);
  const isExchange = Object.values(exchangeAudiences).some((audience) => audience === resource);
  if (!isExchange && principal === undefined) {
    throw new Refusal({
      kind: "badRequest",
      code: "invalid_request",
      message: `The sandbox tenant has no managed identity ${identity}.`,
    });
  }
  const { token, lifetime } =
    isExchange || principal === undefined
      ? {
          token: await exchangeToken(principal?.id ?? identity, resource, input, services),
          lifetime: assertionLifetime,
        }
      : {
          token: await accessToken(directory, principal, resource, input, services),
          lifetime: tokenLifetime,
        };
  return uncachedAnswer({
    access_token: token,
    expires_on: String(Math.floor(input.now.getTime() / 1000) + lifetime),
    resource,
    token_type: "Bearer",
  });
}

/** A token that an application's federated credential can trust. */
function exchangeToken(
  principalId: string,
  audience: string,
  input: Input,
  services: PlacesServices,
): Promise<string> {
  const { tenantId } = services.profile;
  return issuedAssertion(
    {
      issuer: entraIssuer(input.base, tenantId),
      subject: principalId,
      audience,
      more: { oid: principalId, tid: tenantId },
    },
    { lifetimeSeconds: assertionLifetime, now: input.now, services },
  );
}

/** A token of the identity itself, for an API. */
function accessToken(
  directory: Directory,
  principal: ServicePrincipalRecord,
  name: string,
  input: Input,
  services: PlacesServices,
): Promise<string> {
  const { profile } = services;
  const { displayName } = servicePrincipalFacts(directory, principal, profile.tenantId);
  if (!principal.properties.accountEnabled) {
    throw loginRefusals.applicationDisabled(principal.appId, displayName);
  }
  const resource = resolveResource(directory, `${name}/.default`, input.base, profile);
  return applicationToken(directory, principal, displayName, resource, services, {
    clientAuthentication: "2",
    now: input.now,
  });
}

async function azureDevOpsToken(input: Input, services: PlacesServices): Promise<Answer> {
  const connectionId = input.query.get("serviceConnectionId");
  if (connectionId === null) {
    throw new Refusal({
      kind: "badRequest",
      code: "invalid_request",
      message: "serviceConnectionId is missing.",
    });
  }
  const claims = azureDevOpsClaims(services.profile.tenantId, {
    organizationId: azureDevOpsOrganizationId,
    connectionId,
  });
  return uncachedAnswer({
    oidcToken: await issuedAssertion(
      { ...claims, audience: exchangeAudiences.public },
      { lifetimeSeconds: assertionLifetime, now: input.now, services },
    ),
  });
}
