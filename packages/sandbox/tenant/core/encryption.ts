import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./replaceFile";
import { DamagedFileError } from "./tenantError";

/** Encrypts what the state may not hold in clear text. */
export interface Encryption {
  /** @returns nonce, tag and ciphertext, base64url */
  encrypt(text: string): string;
  /** @throws Error when the text was encrypted with another key or altered */
  decrypt(encrypted: string): string;
}

const algorithm = "aes-256-gcm";
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

/**
 * Encryption with the key of a folder (mode 600, beside the state and not in it), made when it is not there.
 * @param folder undefined for a key that lives in this process only
 */
export async function folderEncryption(folder: string | undefined): Promise<Encryption> {
  if (folder === undefined) return encryptionWith(randomBytes(keyLength));
  const file = join(folder, "vault-key");
  const kept = readKey(file);
  if (kept !== undefined) return encryptionWith(kept);
  const key = randomBytes(keyLength);
  await replaceFile(file, `${key.toString("base64url")}\n`, 0o600);
  return encryptionWith(key);
}

/** @throws DamagedFileError when the file holds no key */
function readKey(file: string): Buffer | undefined {
  let key: Buffer;
  try {
    key = Buffer.from(readFileSync(file, "utf8").trim(), "base64url");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DamagedFileError("The key of the tenant's vaults", file, "it cannot be read");
  }
  if (key.length === keyLength) return key;
  throw new DamagedFileError("The key of the tenant's vaults", file, "it holds no key of 32 bytes");
}

function encryptionWith(key: Buffer): Encryption {
  return {
    encrypt(text) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    decrypt(encrypted) {
      const bytes = Buffer.from(encrypted, "base64url");
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength));
      decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      return Buffer.concat([
        decipher.update(bytes.subarray(nonceLength + tagLength)),
        decipher.final(),
      ]).toString("utf8");
    },
  };
}
