import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificates } from "./certificates";
import { replaceFile } from "./replaceFile";

/** What an HTTPS server needs, and where its authority's certificate lies. */
export interface TlsMaterial {
  readonly caFile: string;
  readonly certificate: string;
  readonly key: string;
}

/** Life of a server certificate in days. */
const serverDays = 365;
/** A certificate that ends within this many milliseconds is replaced at start. */
const renewBefore = 30 * 24 * 60 * 60 * 1000;

/**
 * Reads the server's certificate, key and authority from a folder; makes new ones when they are missing, do not belong together or
 * end within 30 days. The authority's key is thrown away at once: nothing but this server can ever be signed by it.
 * @param folder created for the owner only; the key file has mode 600
 */
export async function tlsMaterial(folder: string): Promise<TlsMaterial> {
  return (await readMaterial(folder)) ?? (await makeMaterial(folder));
}

async function readMaterial(folder: string): Promise<TlsMaterial | undefined> {
  try {
    const [ca, certificate, key] = await Promise.all(
      ["ca.pem", "server.pem", "server-key.pem"].map((name) => readFile(join(folder, name), "utf8")),
    );
    if (ca === undefined || certificate === undefined || key === undefined) return undefined;
    const server = new X509Certificate(certificate);
    const fits =
      server.verify(new X509Certificate(ca).publicKey) &&
      server.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(server.validTo) - Date.now() > renewBefore;
    return fits ? { caFile: join(folder, "ca.pem"), certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

async function makeMaterial(folder: string): Promise<TlsMaterial> {
  const { ca, server } = await makeCertificates(new Date(), serverDays);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(join(folder, "server-key.pem"), server.key, 0o600);
  await replaceFile(join(folder, "server.pem"), server.certificate, 0o644);
  await replaceFile(join(folder, "ca.pem"), ca.certificate, 0o644);
  return { caFile: join(folder, "ca.pem"), certificate: server.certificate, key: server.key };
}
