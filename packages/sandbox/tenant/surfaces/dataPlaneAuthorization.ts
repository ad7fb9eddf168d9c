import type { Input } from "../core/request";
import { Refusal } from "../core/refusal";
import { bearerToken } from "./accessTokens";
import type { Caller } from "./caller";
import type { Services } from "./services";

/**
 * Who calls a data plane.
 * @param audiences the data plane's own names
 * @param challenge value of `WWW-Authenticate` for a call without a token
 * @throws Refusal of kind `unauthenticated`
 */
export async function dataPlaneCaller(
  services: Services,
  input: Input,
  audiences: readonly string[],
  challenge: { readonly without: string; readonly invalid: (description: string) => string },
): Promise<Caller> {
  const token = bearerToken(input.headers);
  if (token === undefined) throw refuse(challenge.without, "no bearer token");
  const caller = await services.tokens.verify(token, audiences, input.now);
  if (caller === "expired") throw refuse(challenge.invalid("The token is expired"), "token expired");
  if (caller === undefined)
    throw refuse(challenge.invalid("The token is invalid"), "signature, time or audience");
  return caller;
}

function refuse(challenge: string, why: string): Refusal {
  return new Refusal({
    kind: "unauthenticated",
    message: "Authentication failed.",
    headers: { "www-authenticate": challenge },
    why,
  });
}
