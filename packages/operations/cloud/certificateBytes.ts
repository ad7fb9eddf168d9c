import { X509Certificate } from "node:crypto";

/**
 * A certificate that Microsoft Graph sends. Who uploaded it decides what its bytes are: the certificate itself, as the portal sends
 * it, or its PEM text, as the azuread provider does.
 *
 * @param key base64
 * @returns undefined when it cannot be read
 */
export function liveCertificate(key: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(key, "base64"));
  } catch {
    return undefined;
  }
}

/**
 * Whether a live certificate is the declared one, by its bytes. The `customKeyIdentifier` of an entry says nothing: it is a thumbprint
 * unless whoever has uploaded the entry chose another. Source: https://learn.microsoft.com/graph/api/resources/keycredential
 *
 * @param key base64; Microsoft Graph does not always send it, and it is then not known what the entry is
 */
export function isCertificate(key: string | null | undefined, declaredPem: string): boolean {
  return key ? liveCertificate(key)?.raw.equals(new X509Certificate(declaredPem).raw) === true : false;
}
