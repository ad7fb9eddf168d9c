import { type ClientConfig, exchangeAudience, matchesClaims } from "dicom-service-client/model";

/** Whose tokens a federated credential trusts. */
export interface Federation {
  readonly name: string;
  readonly issuer: string;
  /** "" of one that matches claims. */
  readonly subject: string;
  /** "" of one that has a subject. */
  readonly claimsMatchingExpression: string;
  readonly audiences: readonly string[];
}

/** The federated credentials that a configuration declares, with what follows from the cloud. */
export function configuredFederation(
  config: Pick<ClientConfig, "federatedCredentials"> | undefined,
  loginUrl: string,
): readonly (Federation & { readonly audience: string })[] {
  return (config?.federatedCredentials ?? []).map(
    ({
      name,
      issuer,
      subject = "",
      claimsMatchingExpression = "",
      audience = exchangeAudience(loginUrl),
    }) => ({ name, issuer, subject, claimsMatchingExpression, audience, audiences: [audience] }),
  );
}

/** Everything that a federated credential says, in one line. */
export function federationKey(federation: Federation): string {
  const { name, issuer, subject, claimsMatchingExpression, audiences } = federation;
  return `${name} ${issuer} ${subject || claimsMatchingExpression} ${audiences.join(" ")}`;
}

/** Whether a federated credential trusts a token with these claims; its audience is not looked at. */
export function isTrusted(
  {
    issuer,
    subject,
    claimsMatchingExpression,
  }: Pick<Federation, "issuer" | "subject" | "claimsMatchingExpression">,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  return (
    claims["iss"] === issuer &&
    (claimsMatchingExpression === ""
      ? claims["sub"] === subject
      : matchesClaims(claimsMatchingExpression, claims))
  );
}

/** Whom a federated credential trusts, for people; each text in the given quotes. */
export function federationText(
  { issuer, subject, claimsMatchingExpression }: Omit<Federation, "name" | "audiences">,
  quoted: (text: string) => string,
): string {
  return claimsMatchingExpression === ""
    ? `issuer ${quoted(issuer)}, subject ${quoted(subject)}`
    : `issuer ${quoted(issuer)}, claims ${quoted(claimsMatchingExpression)}`;
}
