import type { JWTVerifyGetKey } from "jose";
import type { Input } from "../../core/request";
import type { Services } from "../services";
import { loginRefusals } from "./loginRefusals";
import { entraIssuer } from "./workloadTokens";

/** How long an issuer has to answer, in milliseconds. */
const timeout = 5_000;

/**
 * The keys of a token issuer. The tenant itself issues the tokens of managed identities. Other issuers on this machine are asked for them by OpenID Connect discovery. The tenant never talks to
 * another machine: it plays every other issuer itself, with one key, and the control surface signs assertions in such an issuer's
 * name.
 */
export async function externalIssuerKeys(
  issuer: string,
  { base }: Pick<Input, "base">,
  services: Services,
): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet } = await import("jose");
  if (isLoopback(issuer) && issuer !== entraIssuer(base, services.profile.tenantId)) {
    const keys = await discover(issuer);
    return createLocalJWKSet(keys);
  }
  const key = await services.issuerKey();
  return () => Promise.resolve(key.publicKey);
}

async function discover(issuer: string): Promise<{ keys: { kty: string }[] }> {
  try {
    const configuration = await fetchJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    const address = configuration.jwks_uri;
    if (configuration.issuer !== issuer || typeof address !== "string" || !isLoopback(address)) {
      throw new Error("its configuration names another issuer, or keys elsewhere");
    }
    const { keys } = await fetchJson(address);
    if (!Array.isArray(keys)) throw new Error("its key document has no keys");
    return { keys: keys.filter(isKey) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw loginRefusals.malformedAssertion(`the keys of issuer ${issuer} cannot be had: ${why}`);
  }
}

function isKey(key: unknown): key is { kty: string } {
  return key !== null && typeof key === "object" && "kty" in key && typeof key.kty === "string";
}

async function fetchJson(address: string): Promise<Record<string, unknown>> {
  const response = await fetch(address, { signal: AbortSignal.timeout(timeout), redirect: "error" });
  if (!response.ok) throw new Error(`${address} answers ${String(response.status)}`);
  return (await response.json()) as Record<string, unknown>;
}

function isLoopback(address: string): boolean {
  try {
    return ["127.0.0.1", "[::1]", "localhost"].includes(new URL(address).hostname);
  } catch {
    return false;
  }
}
