import { HttpClient } from "../../sandbox/standIn/http/httpClient";

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly status: number;
  /** The claims of the access token, when there is one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The error's description, when there is none. */
  readonly error?: string;
}

/** Asks a token endpoint for a token by client secret, as a consumer of the client does. */
export async function requestToken(
  tokenUrl: string,
  caFile: string,
  client: { readonly clientId: string; readonly secret: string; readonly scope: string },
): Promise<TokenAnswer> {
  const http = new HttpClient(caFile);
  try {
    const { status, body } = await http.send(
      {
        method: "POST",
        url: tokenUrl,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: client.clientId,
          client_secret: client.secret,
          scope: client.scope,
        }).toString(),
      },
      AbortSignal.timeout(10_000),
    );
    const answer = JSON.parse(body) as {
      readonly access_token?: string;
      readonly error_description?: string;
    };
    return {
      status,
      ...(answer.access_token === undefined ? {} : { claims: claimsOf(answer.access_token) }),
      ...(answer.error_description === undefined ? {} : { error: answer.error_description }),
    };
  } finally {
    http.close();
  }
}

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
}
