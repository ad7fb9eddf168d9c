import { Refusal, type RefusalKind } from "../../core/refusal";

/** An error of the token endpoint: `code` of the refusal is `{oauth error}/{AADSTS number}`. */
function loginRefusal(
  kind: RefusalKind,
  error: string,
  number: number,
  message: string,
  why?: string,
): Refusal {
  return new Refusal({
    kind,
    code: `${error}/${String(number)}`,
    message,
    why: why ?? `AADSTS${String(number)}: ${message}`,
  });
}

/** The client has not proved who it is. */
function invalidClient(number: number, message: string): Refusal {
  return loginRefusal("unauthenticated", "invalid_client", number, message);
}

const installHint =
  "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in " +
  "the tenant.";

function noFederatedMatch(number: number, what: string): Refusal {
  return invalidClient(
    number,
    `No matching federated identity record found for presented assertion ${what}. Check your federated identity credential Subject, ` +
      "Audience and Issuer against the presented assertion. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  );
}

/** Errors of the token endpoint with number, OAuth error and text. */
export const loginRefusals = {
  missingParameter: (name: string): Refusal =>
    loginRefusal(
      "badRequest",
      "invalid_request",
      900144,
      `The request body must contain the following parameter: '${name}'.`,
    ),
  unsupportedGrantType: (grantType: string): Refusal =>
    loginRefusal(
      "badRequest",
      "unsupported_grant_type",
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    ),
  grantTypeNotImplemented: (grantType: string): Refusal =>
    loginRefusal(
      "notImplemented",
      "unsupported_grant_type",
      0,
      `The sandbox tenant does not implement the grant type '${grantType}'.`,
    ),
  identityNotImplemented: (appId: string): Refusal =>
    loginRefusal(
      "notImplemented",
      "unauthorized_client",
      0,
      `The sandbox tenant does not implement the sign-in of the managed identity '${appId}' with a credential.`,
    ),
  invalidScope: (scope: string): Refusal =>
    loginRefusal(
      "badRequest",
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed ` +
        "to the resource identifier (application ID URI).",
    ),
  tenantNotFound: (tenant: string, error: "invalid_request" | "invalid_tenant"): Refusal =>
    loginRefusal(
      "badRequest",
      error,
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. ` +
        "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    ),
  applicationNotFound: (appId: string, tenant: string): Refusal =>
    loginRefusal(
      "badRequest",
      "unauthorized_client",
      700016,
      `Application with identifier '${appId}' was not found in the directory '${tenant}'. ${installHint} ` +
        "You may have sent your authentication request to the wrong tenant.",
    ),
  applicationDisabled: (appId: string, name: string): Refusal =>
    loginRefusal(
      "badRequest",
      "unauthorized_client",
      7000112,
      `Application '${appId}'(${name}) is disabled.`,
    ),
  noCredential: (): Refusal =>
    invalidClient(
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ),
  wrongSecret: (appId: string): Refusal =>
    invalidClient(
      7000215,
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client " +
        `secret ID, for a secret added to app '${appId}'.`,
    ),
  expiredSecret: (appId: string): Refusal =>
    invalidClient(
      7000222,
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: ` +
        "https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    ),
  unregisteredKey: (appId: string): Refusal =>
    invalidClient(
      700027,
      "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not " +
        "found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id " +
        `'${appId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding ` +
        "service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a " +
        `query request URL, such as 'https://graph.microsoft.com/beta/applications/${appId}'].`,
    ),
  wrongSignature: (reason: string): Refusal =>
    invalidClient(700027, `Client assertion contains an invalid signature. [Reason - ${reason}]`),
  assertionExpired: (now: string): Refusal =>
    invalidClient(700024, `Client assertion is not within its valid time range. Current time: ${now}.`),
  assertionAudience: (): Refusal =>
    invalidClient(
      700023,
      "Client assertion audience claim does not match Realm issuer. Review the documentation at " +
        "https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .",
    ),
  assertionSubject: (): Refusal =>
    invalidClient(700021, "Client assertion application identifier doesn't match 'client_id' parameter."),
  /** Source: https://github.com/AzureAD/microsoft-identity-web/issues/3467 */
  unsupportedAlgorithm: (algorithm: string): Refusal =>
    loginRefusal(
      "badRequest",
      "invalid_request",
      5002738,
      `Invalid JWT token. '${algorithm}' is not a supported signature algorithm.`,
    ),
  /** Source: https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/4712 */
  unsupportedKey: (): Refusal =>
    loginRefusal(
      "badRequest",
      "invalid_request",
      5002730,
      "Invalid JWT token. Unsupported key for the signing algorithm.",
    ),
  /** Source: https://github.com/AzureAD/azure-activedirectory-library-for-python/issues/136 */
  weakKey: (bits: number): Refusal =>
    invalidClient(50032, `RSA key size ${bits} is less than the minimum required 2048 bits.`),
  malformedAssertion: (why: string): Refusal =>
    loginRefusal("badRequest", "invalid_request", 50027, "JWT token is invalid or malformed.", why),
  noFederatedIssuer: (issuer: string): Refusal => noFederatedMatch(700211, `issuer '${issuer}'`),
  noFederatedAudience: (audience: string): Refusal => noFederatedMatch(700212, `audience '${audience}'`),
  noFederatedSubject: (subject: string): Refusal => noFederatedMatch(700213, `subject '${subject}'`),
  federatedSubjectCase: (subject: string): Refusal =>
    noFederatedMatch(
      7002138,
      `subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison`,
    ),
  resourceNotFound: (resource: string, tenant: string): Refusal =>
    loginRefusal(
      "badRequest",
      "invalid_resource",
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. ${installHint} ` +
        "You might have sent your authentication request to the wrong tenant.",
    ),
  notAssigned: (appId: string, name: string, resourceAppId: string, resourceName: string): Refusal =>
    loginRefusal(
      "badRequest",
      "invalid_grant",
      501051,
      `Application '${appId}'(${name}) is not assigned to a role for the application '${resourceAppId}'(${resourceName}).`,
    ),
};
