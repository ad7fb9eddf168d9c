import { createHash, X509Certificate } from "node:crypto";
import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import type { Input } from "../../core/request";
import { isFulfilled } from "../../domain/claimsMatching";
import type { ApplicationRecord, KeyRecord, ServicePrincipalRecord } from "../../state/records";
import type { Services } from "../services";
import { externalIssuerKeys } from "./externalIssuers";
import { loginRefusals } from "./loginRefusals";

/**
 * The signatures that Entra accepts, of clients and of issuers. Source:
 * https://github.com/AzureAD/microsoft-identity-web/issues/3467
 */
const supportedAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

const smallestModulus = 2048;

/**
 * Checks a JWT by which a client proves who it is: signed with a certificate of its own, or issued by a provider that one of its
 * federated identity credentials names.
 *
 * @returns the certificate; undefined of a provider's token
 */
export async function checkAssertion(
  assertion: string,
  application: ApplicationRecord,
  principal: ServicePrincipalRecord,
  input: Input,
  services: Services,
): Promise<KeyRecord | undefined> {
  const { decodeJwt, decodeProtectedHeader } = await import("jose");
  let claims: JWTPayload;
  let header: ProtectedHeaderParameters;
  try {
    claims = decodeJwt(assertion);
    header = decodeProtectedHeader(assertion);
  } catch {
    throw loginRefusals.malformedAssertion("the assertion is not a JWT");
  }
  if (!supportedAlgorithms.includes(header.alg ?? "")) {
    throw loginRefusals.unsupportedAlgorithm(header.alg ?? "none");
  }
  if (claims.iss === undefined || claims.sub === undefined) {
    throw loginRefusals.malformedAssertion("the assertion lacks iss or sub");
  }
  if (claims.iss.toLowerCase() === application.appId) {
    if (claims.sub.toLowerCase() !== application.appId) throw loginRefusals.assertionSubject();
    return checkCertificateAssertion(
      assertion,
      header,
      application,
      [...application.keys, ...principal.keys],
      input,
    );
  }
  matchFederatedCredential(application, claims, { issuer: claims.iss, subject: claims.sub });
  await checkFederatedSignature(assertion, claims.iss, input, services);
  return undefined;
}

async function checkCertificateAssertion(
  assertion: string,
  header: ProtectedHeaderParameters,
  application: ApplicationRecord,
  keys: readonly KeyRecord[],
  input: Input,
): Promise<KeyRecord> {
  const key = keys.find((candidate) => isNamed(candidate, header));
  if (key === undefined) throw loginRefusals.unregisteredKey(application.appId);
  if (new Date(key.endDateTime) <= input.now) throw loginRefusals.wrongSignature("The key used is expired.");
  const { publicKey } = certificateOf(key);
  if (!["rsa", "rsa-pss"].includes(publicKey.asymmetricKeyType ?? "")) throw loginRefusals.unsupportedKey();
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < smallestModulus) throw loginRefusals.weakKey(bits);
  const { jwtVerify, errors } = await import("jose");
  try {
    await jwtVerify(assertion, publicKey, {
      algorithms: supportedAlgorithms,
      audience: [
        `${input.base}${input.path}`,
        `${input.base}${input.path.replace(/\/oauth2\/v2\.0\/token$/, "/v2.0")}`,
      ],
      currentDate: input.now,
      requiredClaims: ["exp"],
      clockTolerance: 300,
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw loginRefusals.assertionExpired(input.now.toISOString());
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw error.claim === "aud"
        ? loginRefusals.assertionAudience()
        : loginRefusals.assertionExpired(input.now.toISOString());
    }
    throw loginRefusals.wrongSignature(
      "The provided signature value did not match the expected signature value.",
    );
  }
  return key;
}

function matchFederatedCredential(
  application: ApplicationRecord,
  claims: JWTPayload,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): void {
  const audience = [claims.aud ?? ""].flat();
  const ofIssuer = application.federatedCredentials.filter((credential) => credential.issuer === issuer);
  if (ofIssuer.length === 0) throw loginRefusals.noFederatedIssuer(issuer);
  const ofSubject = ofIssuer.filter(({ subject: trusted, claimsMatchingExpression: expression }) =>
    expression ? isFulfilled(expression, claims) : trusted === subject,
  );
  if (ofSubject.length === 0) {
    const differsInCase = ofIssuer.some(
      (credential) => credential.subject?.toLowerCase() === subject.toLowerCase(),
    );
    throw differsInCase
      ? loginRefusals.federatedSubjectCase(subject)
      : loginRefusals.noFederatedSubject(subject);
  }
  if (!ofSubject.some((credential) => credential.audiences.some((one) => audience.includes(one)))) {
    throw loginRefusals.noFederatedAudience(audience.join(" "));
  }
}

async function checkFederatedSignature(
  assertion: string,
  issuer: string,
  input: Input,
  services: Services,
): Promise<void> {
  const { jwtVerify, errors } = await import("jose");
  const keys = await externalIssuerKeys(issuer, input, services);
  try {
    await jwtVerify(assertion, keys, {
      algorithms: supportedAlgorithms,
      currentDate: input.now,
      requiredClaims: ["exp"],
      clockTolerance: 300,
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw loginRefusals.assertionExpired(input.now.toISOString());
    throw loginRefusals.malformedAssertion(
      `the assertion of ${issuer} is not signed by that issuer: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

/** Whether the header names this certificate: by `x5t`, `x5t#S256`, or the thumbprint as `kid` in one of the forms in use. */
function isNamed(key: KeyRecord, header: ProtectedHeaderParameters): boolean {
  const { raw } = certificateOf(key);
  const sha1 = createHash("sha1").update(raw).digest();
  const sha256 = createHash("sha256").update(raw).digest("base64url");
  return (
    withoutPadding(header.x5t) === sha1.toString("base64url") ||
    withoutPadding(header["x5t#S256"]) === sha256 ||
    withoutPadding(header.kid) === sha1.toString("base64url") ||
    header.kid?.toUpperCase() === sha1.toString("hex").toUpperCase()
  );
}

/** MSAL for Python and others send thumbprints in base64url with the padding that it does without. */
function withoutPadding(thumbprint: unknown): string | undefined {
  return typeof thumbprint === "string" ? thumbprint.replace(/=+$/, "") : undefined;
}

function certificateOf(key: KeyRecord): X509Certificate {
  return new X509Certificate(Buffer.from(key.certificate, "base64"));
}
