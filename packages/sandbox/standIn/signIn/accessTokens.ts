import { sendWithGoBackoff } from "../http/goBackoff";
import type { HttpClient } from "../http/httpClient";
import { parseJsonObject, textIn, type JsonObject } from "../http/jsonBody";
import type { Sleep } from "../http/sleep";
import type { Credential } from "./credential";

/** What an access token says about the signed-in identity. */
export interface TokenClaims {
  /** Object id of the service principal; "" when the token does not say. */
  readonly objectId: string;
  readonly tenantId: string;
  readonly clientId: string;
}

interface AccessToken {
  readonly value: string;
  /** Milliseconds of the local clock; undefined when the token never expires. */
  readonly expiresAt: number | undefined;
}

/** A token with this much validity left, or less, is renewed with the next request (hashicorp/go-azure-sdk). */
const renewalMilliseconds = 20 * 60 * 1000;
/** 1 + 2 + 4 + 8 s: four retries of the token request. */
const tokenRetrySeconds = 15;

function payloadOf(token: string): JsonObject {
  const [, payload = ""] = token.split(".");
  const claims = parseJsonObject(Buffer.from(payload, "base64url").toString("utf8"));
  if (claims === undefined) throw new Error("parsing claims from access token: the token is not a JWT");
  return claims;
}

function expiry(lifetime: unknown): number | undefined {
  const seconds = typeof lifetime === "string" || typeof lifetime === "number" ? Number(lifetime) : NaN;
  return Number.isNaN(seconds) ? undefined : Date.now() + seconds * 1000;
}

/** Access tokens for one resource, by the client credentials flow of the v2.0 endpoint; one request at a time. */
export class TokenCache {
  private current: Promise<AccessToken> | undefined;

  constructor(
    private readonly client: HttpClient,
    private readonly options: {
      /** `<login endpoint>/<tenant>`, without a trailing slash. */
      readonly authority: string;
      readonly clientId: string;
      readonly credential: Credential;
      /** Resource the token is for; the scope asked for is `<resource>/.default`. */
      readonly resource: string;
      readonly sleep: Sleep;
    },
  ) {}

  /** A token that is valid for a while yet; a new one is taken as it comes. */
  async get(signal: AbortSignal): Promise<string> {
    const held = this.current;
    if (held === undefined) return (await this.renew(undefined, signal)).value;
    const token = await held;
    const isStale = token.expiresAt !== undefined && token.expiresAt - Date.now() <= renewalMilliseconds;
    return isStale ? (await this.renew(held, signal)).value : token.value;
  }

  /** Requests a token in place of `held`, unless that has been done meanwhile; a failure is not kept. */
  private renew(held: Promise<AccessToken> | undefined, signal: AbortSignal): Promise<AccessToken> {
    if (this.current !== undefined && this.current !== held) return this.current;
    const renewal = this.request(signal);
    this.current = renewal;
    renewal.catch(() => {
      if (this.current === renewal) this.current = undefined;
    });
    return renewal;
  }

  /** What the token says about the identity. */
  async claims(signal: AbortSignal): Promise<TokenClaims> {
    const claims = payloadOf(await this.get(signal));
    return {
      objectId: textIn(claims["oid"]),
      tenantId: textIn(claims["tid"]),
      clientId: textIn(claims["appid"]),
    };
  }

  private async request(signal: AbortSignal): Promise<AccessToken> {
    const { authority, clientId, credential, resource, sleep } = this.options;
    const fields = new URLSearchParams({
      client_id: clientId,
      ...(await credential.fields(this.client, signal)),
      grant_type: "client_credentials",
      scope: `${resource}/.default`,
    });
    fields.sort();
    const response = await sendWithGoBackoff(
      this.client,
      {
        method: "POST",
        url: `${authority}/oauth2/v2.0/token`,
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        body: fields.toString(),
      },
      { secondsLeft: tokenRetrySeconds, signal, sleep },
    );
    const answer = parseJsonObject(response.body);
    if (response.status < 200 || response.status > 299 || answer === undefined) {
      throw new Error(
        `clientCredentialsToken: received HTTP status ${response.status} with response: ${response.body}`,
      );
    }
    const value = textIn(answer["access_token"]);
    if (value === "") throw new Error("clientCredentialsToken: the response has no access_token");
    return { value, expiresAt: expiry(answer["expires_in"]) };
  }
}
