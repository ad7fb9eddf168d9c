import type { HttpClient } from "../http/httpClient";
import type { Pace } from "../http/pollUntil";
import type { TokenCache, TokenClaims } from "../signIn/accessTokens";
import type { ApplicationLocks } from "./applicationLocks";
import type { AzureadContext } from "./azureadContext";
import { GraphClient } from "./graphClient";

/** A signed-in azuread provider. */
export interface AzureadSession {
  readonly client: HttpClient;
  readonly graphBase: string;
  readonly tokens: TokenCache;
  readonly claims: TokenClaims;
  /** As configured, not as the token says. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly locks: ApplicationLocks;
  readonly pace: Pace;
}

/** Opens what one operation works with; its deadline is the given time from now. */
export function openAzureadContext(
  session: AzureadSession,
  operation: { readonly timeoutMinutes: number; readonly signal: AbortSignal },
): AzureadContext {
  const { client, graphBase, tokens, claims, locks, pace } = session;
  const { signal } = operation;
  const deadline = Date.now() + operation.timeoutMinutes * 60_000;
  const connection = { client, base: graphBase, tokens, sleep: pace.sleep };
  const graph = new GraphClient(connection, { deadline, signal });
  return { graph, callerId: claims.objectId, locks, pace, deadline, signal };
}
