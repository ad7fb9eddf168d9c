import { KeyObject, webcrypto } from "node:crypto";

/** A certificate and its private key, both PEM (PKCS #8). */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

/**
 * Makes a certificate authority of its own and a server certificate for 127.0.0.1, ::1 and localhost, signed by it.
 * The library for it is slow to load, so it is loaded only when certificates have to be made.
 * @param now from when the certificates are valid (one day earlier, for clocks that differ)
 * @param serverDays life of the server certificate in days; clients refuse long-lived ones
 * @param names further DNS names of the server
 */
export async function makeCertificates(
  now: Date,
  serverDays: number,
  names: readonly string[] = [],
): Promise<{ ca: CertificateAndKey; server: CertificateAndKey }> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const notBefore = new Date(now.getTime() - day);
  const caKeys = await generateKeys();
  const serverKeys = await generateKeys();
  const caName = "CN=Sandbox tenant CA, O=Entra sandbox";
  const ca = await x509.X509CertificateGenerator.create({
    subject: caName,
    issuer: caName,
    notBefore,
    notAfter: new Date(now.getTime() + (serverDays + 30) * day),
    signingAlgorithm: algorithm,
    publicKey: caKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      // All sandboxes' authorities have one name; whoever trusts several tells them apart by their keys.
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: "CN=localhost, O=Entra sandbox",
    issuer: caName,
    notBefore,
    notAfter: new Date(now.getTime() + serverDays * day),
    signingAlgorithm: algorithm,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
        ...["localhost", ...names].map((value) => ({ type: "dns" as const, value })),
      ]),
    ],
  });
  return {
    ca: { certificate: ca.toString("pem"), key: privateKeyPem(caKeys.privateKey) },
    server: { certificate: server.toString("pem"), key: privateKeyPem(serverKeys.privateKey) },
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function privateKeyPem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}
