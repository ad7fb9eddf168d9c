import type { Services } from "../services";
import type { WorkloadClaims } from "./workloadTokens";

/** How long tokens of the issuers that the sandbox plays are good, in seconds, unless another time is asked for. */
export const assertionLifetime = 300;

/** A token of an issuer that the sandbox plays, such as GitHub; see externalIssuers. */
export async function issuedAssertion(
  { issuer, subject, audience, more }: WorkloadClaims,
  {
    now,
    services,
    lifetimeSeconds,
  }: {
    readonly now: Date;
    readonly services: Pick<Services, "issuerKey">;
    readonly lifetimeSeconds: number;
  },
): Promise<string> {
  const { SignJWT } = await import("jose");
  const key = await services.issuerKey();
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ ...more })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key.privateKey);
}
