import { isMapping } from "dicom-service-client/model";
import type { HttpTransport } from "./httpTransport";
import { parsedJson } from "./parsedJson";

/** What sends a request, once or until the answer is final. */
export type OidcTransport = Pick<HttpTransport, "send">;

/** What came of asking a place for a token: the token, or the status with which it refused. */
export type OidcAnswer = { readonly token: string } | { readonly status: number };

/**
 * Asks GitHub Actions for the token of the running job, which needs `id-token: write`. Source:
 * https://docs.github.com/actions/reference/security/oidc
 */
export async function githubToken(
  requestUrl: string,
  requestToken: string,
  audience: string,
  transport: OidcTransport,
): Promise<OidcAnswer> {
  const url = new URL(requestUrl);
  url.searchParams.set("audience", audience);
  const { status, body } = await transport.send({
    method: "GET",
    url: url.href,
    headers: { accept: "application/json", authorization: `Bearer ${requestToken}` },
  });
  return tokenIn(status, body, "value");
}

/**
 * Asks Azure Pipelines for the token of a service connection. Source:
 * https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export async function azurePipelinesToken(
  requestUri: string,
  accessToken: string,
  connectionId: string,
  transport: OidcTransport,
): Promise<OidcAnswer> {
  const url = new URL(requestUri);
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set("serviceConnectionId", connectionId);
  const { status, body } = await transport.send({
    method: "POST",
    url: url.href,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      "content-length": "0",
      authorization: `Bearer ${accessToken}`,
    },
  });
  return tokenIn(status, body, "oidcToken");
}

/**
 * Asks the identity endpoint of App Service, Functions, Container Apps and the like for the token of a user-assigned identity. Source:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity
 */
export async function managedIdentityToken(
  endpoint: string,
  header: string,
  identity: { readonly principalId: string; readonly audience: string },
  transport: OidcTransport,
): Promise<OidcAnswer> {
  const url = new URL(endpoint);
  url.searchParams.set("api-version", "2019-08-01");
  url.searchParams.set("resource", identity.audience);
  url.searchParams.set("principal_id", identity.principalId);
  const { status, body } = await transport.send({
    method: "GET",
    url: url.href,
    headers: { "x-identity-header": header },
  });
  return tokenIn(status, body, "access_token");
}

function tokenIn(status: number, body: string, property: string): OidcAnswer {
  const answer = status === 200 ? parsedJson(body) : undefined;
  const token = isMapping(answer) ? answer[property] : undefined;
  return typeof token === "string" && token !== "" ? { token } : { status };
}
