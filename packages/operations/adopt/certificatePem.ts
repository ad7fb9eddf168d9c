import { X509Certificate } from "node:crypto";
import type { RegisteredCertificate } from "./liveRegistration";

/**
 * The PEM text of a certificate that Microsoft Graph sends. Who uploaded it decides what is in it: the certificate itself, as the
 * portal sends it, or its PEM text, as the azuread provider does.
 *
 * @param key base64
 */
export function certificatePem(key: string): string {
  const bytes = Buffer.from(key, "base64");
  const text = bytes.toString("latin1");
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/**
 * Whether a live certificate is the declared one. Where Microsoft Graph does not send the certificate itself, its SHA-1 thumbprint
 * decides, which the `customKeyIdentifier` is unless somebody has chosen another (in base64, or in hexadecimal digits).
 * Source: https://learn.microsoft.com/graph/api/resources/keycredential
 */
export function isSameCertificate(
  { key, customKeyIdentifier }: RegisteredCertificate,
  declaredPem: string,
): boolean {
  const body = (pem: string): string => pem.replace(/\s/g, "");
  if (key) return body(certificatePem(key)) === body(declaredPem);
  const thumbprint = new X509Certificate(declaredPem).fingerprint.replaceAll(":", "");
  return [
    customKeyIdentifier.toUpperCase(),
    Buffer.from(customKeyIdentifier, "base64").toString("hex").toUpperCase(),
  ].includes(thumbprint);
}
