import { bindOperations, type Authorization, type Operation, type Surface } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import type { Answer, Input } from "../../core/request";
import { isSameKey } from "../../core/sameKey";
import type { Directory } from "../../state/directory";
import { assertionLifetime, issuedAssertion } from "../login/issuedAssertion";
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
      handle: (_directory, input) => managedIdentityToken(input, services),
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

/** A managed identity is told by the object id of its service principal; the tenant keeps no other facts about identities. */
async function managedIdentityToken(input: Input, services: PlacesServices): Promise<Answer> {
  const identity = input.query.get("object_id") ?? input.query.get("principal_id");
  const resource = input.query.get("resource");
  if (identity === null || resource === null) {
    throw new Refusal({
      kind: "badRequest",
      code: "invalid_request",
      message: "The sandbox's identity endpoint needs resource and object_id (or principal_id).",
    });
  }
  const token = await issuedAssertion(
    {
      issuer: entraIssuer(input.base, services.profile.tenantId),
      subject: identity,
      audience: resource,
      more: { oid: identity, tid: services.profile.tenantId },
    },
    { lifetimeSeconds: assertionLifetime, now: input.now, services },
  );
  return uncachedAnswer({
    access_token: token,
    expires_on: String(Math.floor(input.now.getTime() / 1000) + assertionLifetime),
    resource,
    token_type: "Bearer",
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
