import type { Answer, Input } from "../../core/request";
import { applicationByAppId, servicePrincipalByAppId } from "../../domain/directoryObjects";
import { matchesSecret } from "../../domain/passwords";
import { servicePrincipalFacts } from "../../domain/servicePrincipals";
import type { Directory } from "../../state/directory";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../state/records";
import { tokenLifetime } from "../accessTokens";
import type { Services } from "../services";
import { checkAssertion } from "./clientAssertion";
import { loginRefusals } from "./loginRefusals";
import { resolveResource, resourceRoles } from "./resources";

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
  if (unknown !== undefined) throw loginRefusals.unknownParameter(unknown);
  const appId = required("client_id").toLowerCase();
  const scope = resourceScope(required("scope"));

  const principal = servicePrincipalByAppId(directory, appId);
  const application = applicationByAppId(directory, appId);
  if (principal === undefined || application === undefined) {
    throw loginRefusals.applicationNotFound(appId, services.profile.displayName);
  }
  const clientAuthentication = await authenticate(form, input, application, principal, services, bootstrap);
  const { displayName } = application.properties;
  if (!principal.properties.accountEnabled) throw loginRefusals.applicationDisabled(appId, displayName);

  const resource = resolveResource(directory, scope, input.base, services.profile);
  const roles = resourceRoles(directory, principal, resource.principal, services.profile.tenantId);
  if (
    resource.principal.properties.appRoleAssignmentRequired &&
    !isAssigned(directory, principal, resource.principal)
  ) {
    const facts = servicePrincipalFacts(directory, resource.principal, services.profile.tenantId);
    throw loginRefusals.notAssigned(appId, displayName, resource.principal.appId, facts.displayName);
  }
  const accessToken = await services.tokens.issue({
    audience: resource.audience,
    issuer: resource.issuer,
    version: resource.version,
    tenantId: services.profile.tenantId,
    caller: {
      kind: "application",
      objectId: principal.id,
      appId,
      name: displayName,
      roles,
      directoryRoles: [],
    },
    scope: null,
    clientAuthentication,
    now: input.now,
    uniqueId: Buffer.from(services.ids.bytes(16)).toString("base64url"),
  });
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

/** Checks the secret or the assertion, and tells how the client proved who it is. */
async function authenticate(
  form: URLSearchParams,
  input: Input,
  application: ApplicationRecord,
  principal: ServicePrincipalRecord,
  services: Services,
  bootstrap: BootstrapCredential,
): Promise<"1" | "2"> {
  const secret = form.get("client_secret");
  if (secret !== null) {
    const secrets = [...application.passwords, ...principal.passwords];
    checkSecret(secret, application.appId, secrets, bootstrap, input.now);
    return "1";
  }
  const assertion = form.get("client_assertion");
  if (assertion === null) throw loginRefusals.noCredential();
  const type = form.get("client_assertion_type");
  if (type === null || type === "") throw loginRefusals.missingParameter("client_assertion_type");
  if (type !== assertionType) throw loginRefusals.malformedAssertion(`client_assertion_type ${type}`);
  await checkAssertion(assertion, application, principal, input, services);
  return "2";
}

interface Secret {
  readonly salt: string;
  readonly hash: string;
  readonly endDateTime: string;
}

function checkSecret(
  value: string,
  appId: string,
  secrets: readonly Secret[],
  bootstrap: BootstrapCredential,
  now: Date,
): void {
  if (appId === bootstrap.appId && matchesSecret(bootstrap, value)) return;
  const matching = secrets.find((secret) => matchesSecret(secret, value));
  if (matching === undefined) throw loginRefusals.wrongSecret(appId);
  if (new Date(matching.endDateTime) <= now) throw loginRefusals.expiredSecret(appId);
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
