import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificates } from "./certificates";
import { replaceFile } from "./replaceFile";
import { DamagedFileError } from "./tenantError";

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
 * Reads the server's certificate, key and authority from a folder; makes new ones when there is no authority yet or they end within
 * 30 days. The authority's key is thrown away at once: nothing but this server can ever be signed by it.
 * @param folder created for the owner only; the key file has mode 600
 * @throws DamagedFileError when they are not what was put there: others trust that authority, which is not replaced unasked
 */
export async function tlsMaterial(folder: string): Promise<TlsMaterial> {
  return (await readMaterial(folder)) ?? (await makeMaterial(folder));
}

async function readMaterial(folder: string): Promise<TlsMaterial | undefined> {
  const caFile = join(folder, "ca.pem");
  // It is written last: without it nothing was finished, and nobody trusts it.
  if (!existsSync(caFile)) return undefined;
  const damaged = (why: string): DamagedFileError =>
    new DamagedFileError("The sandbox's certificate in", folder, why);
  try {
    const [ca, certificate, key] = await Promise.all([
      readFile(caFile, "utf8"),
      readFile(join(folder, "server.pem"), "utf8"),
      readFile(join(folder, "server-key.pem"), "utf8"),
    ]);
    const server = new X509Certificate(certificate);
    if (!server.verify(new X509Certificate(ca).publicKey) || !server.checkPrivateKey(createPrivateKey(key))) {
      throw damaged("its files do not belong together");
    }
    const isLasting = Date.parse(server.validTo) - Date.now() > renewBefore;
    return isLasting ? { caFile, certificate, key } : undefined;
  } catch (error) {
    throw error instanceof DamagedFileError
      ? error
      : damaged(error instanceof Error ? error.message : String(error));
  }
}

async function makeMaterial(folder: string): Promise<TlsMaterial> {
  const { ca, server } = await makeCertificates(new Date(), serverDays);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Until all is written there is no authority, so that an interruption leaves nothing that looks damaged.
  await rm(join(folder, "ca.pem"), { force: true });
  await replaceFile(join(folder, "server-key.pem"), server.key, 0o600);
  await replaceFile(join(folder, "server.pem"), server.certificate, 0o644);
  await replaceFile(join(folder, "ca.pem"), ca.certificate, 0o644);
  return { caFile: join(folder, "ca.pem"), certificate: server.certificate, key: server.key };
}
