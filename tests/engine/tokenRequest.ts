import assert from "node:assert/strict";
import { HttpClient } from "../../packages/sandbox/standIn/http/httpClient";

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly status: number;
  /** The claims of the access token, when there is one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The error's description, when there is none. */
  readonly error?: string;
}

/** Who asks for a token, and for what. */
export interface TokenRequest {
  readonly clientId: string;
  readonly secret: string;
  readonly scope: string;
}

/** Asks a token endpoint for a token by client secret, as a consumer of the client does. */
export async function requestToken(
  tokenUrl: string,
  caFile: string,
  request: TokenRequest,
): Promise<TokenAnswer> {
  const { status, token, error } = await send(tokenUrl, caFile, request);
  return {
    status,
    ...(token === undefined ? {} : { claims: claimsOf(token) }),
    ...(error === undefined ? {} : { error }),
  };
}

/** Asks for a token as {@link requestToken} does, and returns the token itself. */
export async function requestAccessToken(
  tokenUrl: string,
  caFile: string,
  request: TokenRequest,
): Promise<string> {
  const { token, error } = await send(tokenUrl, caFile, request);
  return token ?? assert.fail(error);
}

async function send(
  tokenUrl: string,
  caFile: string,
  request: TokenRequest,
): Promise<{
  readonly status: number;
  readonly token?: string | undefined;
  readonly error?: string | undefined;
}> {
  const http = new HttpClient(caFile);
  try {
    const { status, body } = await http.send(
      {
        method: "POST",
        url: tokenUrl,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: request.clientId,
          client_secret: request.secret,
          scope: request.scope,
        }).toString(),
      },
      AbortSignal.timeout(10_000),
    );
    const answer = JSON.parse(body) as {
      readonly access_token?: string;
      readonly error_description?: string;
    };
    return { status, token: answer.access_token, error: answer.error_description };
  } finally {
    http.close();
  }
}

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
}
