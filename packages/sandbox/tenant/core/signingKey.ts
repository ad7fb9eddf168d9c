import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { replaceFile } from "./replaceFile";
import { DamagedFileError } from "./tenantError";

/** The key pair with which the tenant signs tokens. */
export interface SigningKey {
  /** RFC 7638-like name of the key: base64url SHA-1 of the public key. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Makes the key at the first call and returns the same one afterwards. */
export function signingKeySource(file: string | undefined): () => Promise<SigningKey> {
  let key: Promise<SigningKey> | undefined;
  return () => (key ??= readOrMake(file));
}

/**
 * The key in a file; undefined when there is no such file.
 * @throws DamagedFileError when it holds no RSA key
 */
export async function readSigningKey(file: string): Promise<SigningKey | undefined> {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DamagedFileError("The tenant's signing key", file, "it holds no private key");
  }
  if (privateKey.asymmetricKeyType !== "rsa") {
    throw new DamagedFileError("The tenant's signing key", file, "it is not an RSA key");
  }
  return toSigningKey(privateKey);
}

async function readOrMake(file: string | undefined): Promise<SigningKey> {
  const kept = file === undefined ? undefined : await readSigningKey(file);
  if (kept !== undefined) return kept;
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  if (file !== undefined) {
    await replaceFile(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString(), 0o600);
  }
  return toSigningKey(privateKey);
}

function toSigningKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const kid = createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  return { kid, privateKey, publicKey };
}
