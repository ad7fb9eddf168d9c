import type { Answer, Input } from "../../core/request";
import { notImplemented } from "../../core/refusal";
import { applicationByAppId, servicePrincipalByAppId } from "../../domain/directoryObjects";
import { toWholeSecond } from "../../domain/instants";
import { matchesSecret } from "../../domain/passwords";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import { recordSignIn, type UsedCredential } from "../../domain/signIns";
import type { Directory } from "../../state/directory";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../state/records";
import { tokenLifetime } from "../accessTokens";
import type { Services } from "../services";
import { checkAssertion } from "./clientAssertion";
import { loginRefusals } from "./loginRefusals";
import { applicationToken, resolveResource } from "./resources";

/** A secret that lives in this process only and belongs to the seeded pipeline identity. */
export interface BootstrapCredential {
  readonly appId: string;
  readonly salt: string;
  readonly hash: string;
}

/** Parameters that some client libraries add for telemetry or hints; they change nothing. */
const ignored = /^(x-client-.*|x-ms-.*|client_info|client-request-id|claims|haschrome)$/;
/** Grants of the Microsoft identity platform in which a user takes part; this tenant has none. */
const otherGrantTypes = [
  "authorization_code",
  "device_code",
  "password",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
];
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const known = [
  "grant_type",
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "scope",
];

/** The client credentials grant of the v2.0 token endpoint. */
export async function clientCredentials(
  directory: Directory,
  input: Input,
  services: Services,
  bootstrap: BootstrapCredential,
): Promise<Answer> {
  const form = new URLSearchParams(input.body.toString("utf8"));
  const required = (name: string): string => {
    const value = form.get(name);
    if (value === null || value === "") throw loginRefusals.missingParameter(name);
    return value;
  };
  const grantType = required("grant_type");
  if (otherGrantTypes.includes(grantType)) throw loginRefusals.grantTypeNotImplemented(grantType);
  if (grantType !== "client_credentials") throw loginRefusals.unsupportedGrantType(grantType);
  const unknown = [...form.keys()].find((name) => !known.includes(name) && !ignored.test(name));
  if (unknown !== undefined) throw notImplemented(`the parameter '${unknown}'`);
  const appId = required("client_id").toLowerCase();
  const scope = resourceScope(required("scope"));

  const principal = servicePrincipalByAppId(directory, appId);
  const application = applicationByAppId(directory, appId);
  if (principal?.isManagedIdentity) throw loginRefusals.identityNotImplemented(appId);
  if (principal === undefined || application === undefined) {
    throw loginRefusals.applicationNotFound(appId, services.profile.displayName);
  }
  const proof = await authenticate(form, input, application, principal, services, bootstrap);
  const { displayName } = application.properties;
  if (!principal.properties.accountEnabled) throw loginRefusals.applicationDisabled(appId, displayName);

  const resource = resolveResource(directory, scope, input.base, services.profile);
  if (
    resource.principal.properties.appRoleAssignmentRequired &&
    !isAssigned(directory, principal, resource.principal)
  ) {
    const facts = servicePrincipalFacts(directory, resource.principal, services.profile.tenantId);
    throw loginRefusals.notAssigned(appId, displayName, resource.principal.appId, facts.displayName);
  }
  const accessToken = await applicationToken(directory, principal, displayName, resource, services, {
    clientAuthentication: proof.by === "secret" ? "1" : "2",
    now: input.now,
  });
  if (proof.credential !== undefined) {
    recordSignIn(
      directory,
      proof.credential,
      { application, principal },
      { at: toWholeSecond(input.now), requestId: input.requestId, resourceId: resource.principal.id },
    );
  }
  return {
    status: 200,
    headers: { "cache-control": "no-store, no-cache", pragma: "no-cache" },
    json: {
      token_type: "Bearer",
      expires_in: tokenLifetime,
      ext_expires_in: tokenLifetime,
      access_token: accessToken,
    },
  };
}

/** Scopes of OpenID Connect, which Microsoft's library for Go adds to every request; without a user they ask for nothing. */
const openIdScopes = ["openid", "offline_access", "profile"];

/** The scope that names the API. */
function resourceScope(scope: string): string {
  return scope
    .split(" ")
    .filter((one) => !openIdScopes.includes(one))
    .join(" ");
}

/** How a client has proved who it is. */
interface Proof {
  readonly by: "secret" | "assertion";
  /** Absent of a federated credential, and of the secret that lives in this process only. */
  readonly credential?: UsedCredential;
}

/** Checks the secret or the assertion. */
async function authenticate(
  form: URLSearchParams,
  input: Input,
  application: ApplicationRecord,
  principal: ServicePrincipalRecord,
  services: Services,
  bootstrap: BootstrapCredential,
): Promise<Proof> {
  const secret = form.get("client_secret");
  if (secret !== null) {
    const used = checkSecret(secret, application, principal, bootstrap, input.now);
    return { by: "secret", ...(used === undefined ? {} : { credential: used }) };
  }
  const assertion = form.get("client_assertion");
  if (assertion === null) throw loginRefusals.noCredential();
  const type = form.get("client_assertion_type");
  if (type === null || type === "") throw loginRefusals.missingParameter("client_assertion_type");
  if (type !== assertionType) throw loginRefusals.malformedAssertion(`client_assertion_type ${type}`);
  const key = await checkAssertion(assertion, application, principal, input, services);
  return {
    by: "assertion",
    ...(key === undefined
      ? {}
      : { credential: { ...key, keyType: "certificate", origin: originOf(key.keyId, application) } }),
  };
}

function checkSecret(
  value: string,
  application: ApplicationRecord,
  principal: ServicePrincipalRecord,
  bootstrap: BootstrapCredential,
  now: Date,
): UsedCredential | undefined {
  const { appId } = application;
  if (appId === bootstrap.appId && matchesSecret(bootstrap, value)) return undefined;
  const matching = [...application.passwords, ...principal.passwords].find((secret) =>
    matchesSecret(secret, value),
  );
  if (matching === undefined) throw loginRefusals.wrongSecret(appId);
  const { keyId, startDateTime, endDateTime } = matching;
  if (new Date(endDateTime) <= now) throw loginRefusals.expiredSecret(appId);
  const origin = originOf(keyId, application);
  return { keyId, keyType: "clientSecret", origin, startDateTime, endDateTime };
}

function originOf(keyId: string, { passwords, keys }: ApplicationRecord): UsedCredential["origin"] {
  return [...passwords, ...keys].some((one) => one.keyId === keyId) ? "application" : "servicePrincipal";
}

function isAssigned(
  directory: Directory,
  client: ServicePrincipalRecord,
  resource: ServicePrincipalRecord,
): boolean {
  return directory.appRoleAssignments
    .all()
    .some((assignment) => assignment.principalId === client.id && assignment.resourceId === resource.id);
}
