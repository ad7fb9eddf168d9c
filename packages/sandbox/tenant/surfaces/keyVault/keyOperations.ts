import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import { param, type Answer, type Input } from "../../core/request";
import { notImplemented, Refusal } from "../../core/refusal";
import * as s from "../../core/bodySchema";
import { addVaultKeyVersion, getVaultKeyVersion } from "../../domain/vaultKeys";
import type { Directory } from "../../state/directory";
import type { ResourceRecord, VaultKeyRecord, VaultKeyVersion } from "../../state/records";
import { vaultUri } from "../dataPlaneAddresses";
import type { Services } from "../services";
import type { VaultOperation } from "./vaultOperation";

const creation = s.object(
  { kty: s.oneOf(["RSA"], ["EC", "EC-HSM", "RSA-HSM", "oct", "oct-HSM"]), key_size: s.nullableInteger },
  ["kty"],
  ["attributes", "crv", "key_ops", "public_exponent", "release_policy", "tags"],
);
const use = s.object(
  { alg: s.oneOf(["RSA-OAEP-256"], ["RSA1_5", "RSA-OAEP", "A128GCM", "A192GCM", "A256GCM"]), value: s.text },
  ["alg", "value"],
  ["aad", "iv", "tag"],
);
const sizes = [2048, 3072, 4096];

/**
 * RSA keys of a key vault: making them, and encrypting and decrypting with a version, as Pulumi's secrets provider `azurekeyvault` does.
 */
export function keyOperations(
  services: Services,
  vaultOf: (directory: Directory, input: Input) => ResourceRecord,
): readonly VaultOperation[] {
  const row = (
    id: "create" | "encrypt" | "decrypt",
    path: string,
    effect: "read" | "write",
    handle: (directory: Directory, input: Input) => Answer | Promise<Answer>,
  ): VaultOperation => ({
    id: `keyVault.keys.${id}`,
    method: "POST",
    path: `/vault/{vaultName}/keys/{keyName}${path}`,
    access: `keys/${id}/action`,
    effect,
    conceals: ["value"],
    handle,
  });
  const privateKey = (version: VaultKeyVersion): KeyObject =>
    createPrivateKey(services.encryption.decrypt(version.sealedKey));
  const keyUri = (input: Input, key: VaultKeyRecord, version: VaultKeyVersion): string =>
    `${vaultUri(input.base, param(input, "vaultName").toLowerCase())}keys/${key.name}/${version.version}`;

  const create = async (directory: Directory, input: Input): Promise<Answer> => {
    const asked = readBody(input, creation);
    const modulusLength = asked.key_size ?? 2048;
    if (!sizes.includes(modulusLength))
      throw badParameter(`The key_size ${String(modulusLength)} is invalid.`);
    const pair = await promisify(generateKeyPair)("rsa", { modulusLength });
    const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const { key, version } = addVaultKeyVersion(
      directory,
      vaultOf(directory, input).id,
      param(input, "keyName"),
      services.encryption.encrypt(pem),
      {
        now: input.now,
      },
    );
    const { n, e } = pair.publicKey.export({ format: "jwk" });
    return ok({
      key: { kid: keyUri(input, key, version), kty: "RSA", key_ops: ["encrypt", "decrypt"], n, e },
      attributes: { enabled: true, created: version.created, updated: version.created },
    });
  };
  const apply =
    (cipher: (key: KeyObject, bytes: Buffer) => Buffer) =>
    (directory: Directory, input: Input): Answer => {
      const { key, version } = getVaultKeyVersion(
        directory,
        vaultOf(directory, input).id,
        param(input, "keyName"),
        param(input, "keyVersion"),
      );
      const { value } = readBody(input, use);
      try {
        const result = cipher(privateKey(version), Buffer.from(value, "base64url"));
        return ok({ kid: keyUri(input, key, version), value: result.toString("base64url") });
      } catch {
        throw badParameter("The parameter is incorrect.");
      }
    };
  const encrypt = apply((key, bytes) => publicEncrypt({ key: createPublicKey(key), ...oaep256 }, bytes));
  const decrypt = apply((key, bytes) => privateDecrypt({ key, ...oaep256 }, bytes));
  return [
    row("create", "/create", "write", create),
    row("encrypt", "/{keyVersion}/encrypt", "read", encrypt),
    row("decrypt", "/{keyVersion}/decrypt", "read", decrypt),
  ];
}

/** RSA-OAEP-256 (RFC 7518, section 4.3). */
const oaep256 = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };

function readBody<T>(input: Input, schema: s.BodySchema<T>): T {
  try {
    return schema.read(JSON.parse(input.body.toString("utf8")), "", undefined);
  } catch (error) {
    if (error instanceof s.BodySchemaError && error.problem === "notImplemented") {
      throw notImplemented(`the value of '${error.property}' in ${input.operation}`);
    }
    throw badParameter(
      error instanceof s.BodySchemaError
        ? `Property '${error.property}' is ${error.problem}.`
        : "The body is not valid JSON.",
    );
  }
}

function badParameter(message: string): Refusal {
  return new Refusal({ kind: "badRequest", code: "BadParameter", message });
}

/** An answer of a vault. */
export function ok(json: unknown): Answer {
  return { status: 200, headers: { "cache-control": "no-cache" }, json };
}
