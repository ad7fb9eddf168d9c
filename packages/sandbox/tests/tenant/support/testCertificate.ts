import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";

/** A self-signed certificate with its key, both PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

const algorithms = {
  RSA: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  "RSA of 1024 bits": {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  EC: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
};

/** Makes a certificate that is valid between two days. */
export async function testCertificate(
  notBefore: Date,
  notAfter: Date,
  kind: keyof typeof algorithms = "RSA",
): Promise<TestCertificate> {
  const algorithm = algorithms[kind];
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=test client",
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys,
  });
  return {
    certificate: certificate.toString("pem"),
    key: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A certificate as an entry of `keyCredentials`: base64 of its PEM text. */
export function keyCredential({ certificate }: TestCertificate): Record<string, string> {
  return { type: "AsymmetricX509Cert", usage: "Verify", key: Buffer.from(certificate).toString("base64") };
}
