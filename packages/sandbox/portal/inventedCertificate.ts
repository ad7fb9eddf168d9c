import { webcrypto } from "node:crypto";

/**
 * Makes a self-signed certificate. Its private key is thrown away, so nobody can sign in with it. The library for it is slow to
 * load, so it is loaded only here.
 *
 * @returns PEM.
 */
export async function inventCertificate(
  commonName: string,
  notBefore: Date,
  notAfter: Date,
): Promise<string> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto);
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: [{ CN: [commonName] }],
    notBefore,
    notAfter,
    keys: await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]),
    signingAlgorithm: algorithm,
  });
  return certificate.toString("pem");
}
