import type { HttpClient } from "../http/httpClient";
import { parseJsonObject, textIn } from "../http/jsonBody";
import { escapeQuery } from "../http/queryString";

/** Proof of who the deploying identity is, as the fields of a token request. */
export type TokenRequestFields = Readonly<Record<string, string>>;

/** How the deploying identity proves itself: a client secret, or a token of another issuer. */
export interface Credential {
  fields(client: HttpClient, signal: AbortSignal): Promise<TokenRequestFields>;
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const exchangeAudience = "api://AzureADTokenExchange";

export function clientSecret(secret: string): Credential {
  return { fields: () => Promise.resolve({ client_secret: secret }) };
}

function assertion(read: (client: HttpClient, signal: AbortSignal) => Promise<string>): Credential {
  return {
    fields: async (client, signal) => ({
      client_assertion: await read(client, signal),
      client_assertion_type: assertionType,
    }),
  };
}

/** A token of another issuer, used as it is, also at renewal. */
export function federatedToken(token: string): Credential {
  return assertion(() => Promise.resolve(token));
}

/** GitHub's way: the token is fetched anew for every sign-in, with `GET <url>&audience=…`. */
export function requestedToken(requestUrl: string, requestToken: string): Credential {
  return assertion(async (client, signal) => {
    const url = new URL(requestUrl);
    if (!url.searchParams.has("audience")) url.searchParams.set("audience", exchangeAudience);
    const headers = { Accept: "application/json", Authorization: `Bearer ${requestToken}` };
    const response = await client.send({ method: "GET", url: url.href, headers }, signal);
    return tokenIn(response, "value");
  });
}

/** Azure Pipelines' way: the token is fetched anew for every sign-in, with a POST that names the service connection. */
export function pipelineToken(
  requestUrl: string,
  requestToken: string,
  serviceConnectionId: string,
): Credential {
  return assertion(async (client, signal) => {
    const query = `api-version=7.1&serviceConnectionId=${escapeQuery(serviceConnectionId)}&audience=${escapeQuery(exchangeAudience)}`;
    const url = `${requestUrl}${requestUrl.includes("?") ? "&" : "?"}${query}`;
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${requestToken}` };
    const response = await client.send({ method: "POST", url, headers, body: "" }, signal);
    return tokenIn(response, "oidcToken");
  });
}

function tokenIn(response: { readonly status: number; readonly body: string }, field: string): string {
  if (response.status < 200 || response.status > 299) {
    throw new Error(
      `requesting an OIDC token: received HTTP status ${response.status} with response: ${response.body}`,
    );
  }
  const token = textIn(parseJsonObject(response.body)?.[field]);
  if (token === "") throw new Error(`requesting an OIDC token: the response has no ${field}`);
  return token;
}
