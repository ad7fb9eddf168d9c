import { randomUUID } from "node:crypto";
import { type Answer, type IncomingRequest, type Input, param } from "../../core/request";
import { bindOperations, type Authorization, type Surface } from "../../core/operation";
import { type Refusal, type RefusalKind, statusOfKind } from "../../core/refusal";
import type { Directory } from "../../state/directory";
import type { Services } from "../services";
import { type BootstrapCredential, clientCredentials } from "./clientCredentials";
import { loginRefusals } from "./loginRefusals";

const openAuthorization: Authorization<Directory, "anyone", null> = {
  admit: () => null,
  label: () => "anyone",
};

/** OpenID Connect discovery, signing keys and the token endpoint of the Microsoft identity platform. */
export function loginSurface(services: Services, bootstrap: BootstrapCredential): Surface<Directory> {
  const { profile } = services;
  const checkTenant = (input: Input, error: "invalid_request" | "invalid_tenant"): string => {
    const tenant = param(input, "tenant");
    const known = [profile.tenantId, profile.domain, "common", "organizations"];
    if (!known.includes(tenant.toLowerCase())) throw loginRefusals.tenantNotFound(tenant, error);
    return tenant;
  };
  const openIdConfiguration = (input: Input): Answer => {
    checkTenant(input, "invalid_tenant");
    const root = `${input.base}/${profile.tenantId}`;
    return {
      status: 200,
      json: {
        token_endpoint: `${root}/oauth2/v2.0/token`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
        jwks_uri: `${root}/discovery/v2.0/keys`,
        response_modes_supported: ["query", "fragment", "form_post"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
        scopes_supported: ["openid", "profile", "email", "offline_access"],
        issuer: `${root}/v2.0`,
        authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
        claims_supported: ["sub", "iss", "aud", "exp", "iat", "tid", "ver", "oid"],
        tenant_region_scope: null,
        cloud_instance_name: new URL(input.base).host,
        msgraph_host: new URL(input.base).host,
      },
    };
  };
  const instanceDiscovery = (input: Input): Answer => {
    const host = new URL(input.base).host;
    return {
      status: 200,
      json: {
        tenant_discovery_endpoint: `${input.base}/${profile.tenantId}/v2.0/.well-known/openid-configuration`,
        "api-version": "1.1",
        metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
      },
    };
  };
  return {
    name: "login",
    operations: bindOperations(openAuthorization, [
      {
        id: "login.openIdConfiguration",
        method: "GET",
        path: "/{tenant}/v2.0/.well-known/openid-configuration",
        access: "anyone",
        handle: (_directory, input) => openIdConfiguration(input),
      },
      {
        id: "login.keys",
        method: "GET",
        path: "/{tenant}/discovery/v2.0/keys",
        access: "anyone",
        handle: async (_directory, input) => {
          checkTenant(input, "invalid_tenant");
          const key = await services.signingKey();
          const jwk = key.publicKey.export({ format: "jwk" });
          return {
            status: 200,
            json: { keys: [{ ...jwk, use: "sig", alg: "RS256", kid: key.kid, x5t: key.kid }] },
          };
        },
      },
      {
        id: "login.instanceDiscovery",
        method: "GET",
        path: "/{tenant}/discovery/instance",
        access: "anyone",
        handle: (_directory, input) => instanceDiscovery(input),
      },
      {
        id: "login.token",
        method: "POST",
        path: "/{tenant}/oauth2/v2.0/token",
        access: "anyone",
        handle: (directory, input) => {
          checkTenant(input, "invalid_request");
          return clientCredentials(directory, input, services, bootstrap);
        },
      },
    ]),
    owns: (path) => /^\/[^/]+\/(oauth2|v2\.0|discovery)\//i.test(path),
    render,
  };
}

/** OAuth error and AADSTS number of refusals that have none of their own. */
const loginCodes: Partial<Record<RefusalKind, string>> = {
  throttled: "temporarily_unavailable/90055",
  unavailable: "temporarily_unavailable/90033",
  notImplemented: "invalid_request/0",
};

/** The envelope of the token endpoint's errors. */
function render(refusal: Refusal, request: IncomingRequest): Answer {
  const [error = "server_error", number = "0"] = (
    refusal.data.code ??
    loginCodes[refusal.data.kind] ??
    "server_error/0"
  ).split("/");
  const timestamp = `${request.now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  const traceId = randomUUID();
  return {
    status: statusOfKind[refusal.data.kind],
    headers: { "cache-control": "no-store, no-cache", pragma: "no-cache" },
    json: {
      error,
      error_description:
        `AADSTS${number}: ${refusal.data.message} Trace ID: ${traceId} ` +
        `Correlation ID: ${request.clientRequestId} Timestamp: ${timestamp}`,
      error_codes: [Number(number)],
      timestamp,
      trace_id: traceId,
      correlation_id: request.clientRequestId,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    },
  };
}
