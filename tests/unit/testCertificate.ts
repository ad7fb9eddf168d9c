import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { X509CertificateGenerator, cryptoProvider } from "@peculiar/x509";

cryptoProvider.set(webcrypto);

/** A certificate made for one test, and its private key. */
export interface TestCertificate {
  readonly pem: string;
  readonly privateKeyPem: string;
}

/** Makes a self-signed RSA certificate. */
export async function makeCertificate(
  notBefore: string,
  notAfter: string,
  modulusLength: number = 2048,
): Promise<TestCertificate> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=gateway",
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  const label = "PRIVATE KEY";
  return {
    pem: `${certificate.toString("pem")}\n`,
    privateKeyPem: `-----BEGIN ${label}-----\n${pkcs8.replace(/(.{64})/g, "$1\n")}\n-----END ${label}-----\n`,
  };
}
