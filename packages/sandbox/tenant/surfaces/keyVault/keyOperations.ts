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

type KeyAction = "create/action" | "read" | "encrypt/action" | "decrypt/action";

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
 * RSA keys of a key vault: making them, their public half, and encrypting and decrypting with them, as Pulumi's secrets provider
 * `azurekeyvault` does. The version in the path may be left out for the newest.
 */
export function keyOperations(
  services: Services,
  vaultOf: (directory: Directory, input: Input) => ResourceRecord,
): readonly VaultOperation[] {
  const row = (
    id: string,
    method: VaultOperation["method"],
    path: string,
    access: KeyAction,
    effect: "read" | "write",
    handle: (directory: Directory, input: Input) => Answer | Promise<Answer>,
  ): VaultOperation => ({
    id: `keyVault.keys.${id}`,
    method,
    path: `/vault/{vaultName}/keys/{keyName}${path}`,
    access: `keys/${access}`,
    effect,
    conceals: ["value"],
    handle,
  });
  const privateKey = (version: VaultKeyVersion): KeyObject =>
    createPrivateKey(services.encryption.decrypt(version.sealedKey));
  const keyUri = (input: Input, key: VaultKeyRecord, version: VaultKeyVersion): string =>
    `${vaultUri(input.base, param(input, "vaultName").toLowerCase())}keys/${key.name}/${version.version}`;
  const find = (directory: Directory, input: Input): ReturnType<typeof getVaultKeyVersion> =>
    getVaultKeyVersion(
      directory,
      vaultOf(directory, input).id,
      param(input, "keyName"),
      input.params.keyVersion,
    );

  const create = async (directory: Directory, input: Input): Promise<Answer> => {
    const asked = readBody(input, creation);
    const modulusLength = asked.key_size ?? 2048;
    if (!sizes.includes(modulusLength))
      throw badParameter(`The key_size ${String(modulusLength)} is invalid.`);
    const pair = await promisify(generateKeyPair)("rsa", { modulusLength });
    const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const vault = vaultOf(directory, input);
    const key = addVaultKeyVersion(
      directory,
      vault.id,
      param(input, "keyName"),
      services.encryption.encrypt(pem),
      {
        now: input.now,
        ids: services.ids,
      },
    );
    return bundle(input, key, getVaultKeyVersion(directory, vault.id, key.name, undefined).version);
  };
  const bundle = (input: Input, key: VaultKeyRecord, version: VaultKeyVersion): Answer => {
    const { n, e } = createPublicKey(privateKey(version)).export({ format: "jwk" });
    return ok({
      key: { kid: keyUri(input, key, version), kty: "RSA", key_ops: ["encrypt", "decrypt"], n, e },
      attributes: { enabled: true, created: version.created, updated: version.created },
    });
  };
  const get = (directory: Directory, input: Input): Answer => {
    const { key, version } = find(directory, input);
    return bundle(input, key, version);
  };
  const apply =
    (cipher: (key: KeyObject, bytes: Buffer) => Buffer) =>
    (directory: Directory, input: Input): Answer => {
      const { key, version } = find(directory, input);
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
    row("create", "POST", "/create", "create/action", "write", create),
    row("get", "GET", "", "read", "read", get),
    row("getVersion", "GET", "/{keyVersion}", "read", "read", get),
    row("encrypt", "POST", "/encrypt", "encrypt/action", "read", encrypt),
    row("encryptWithVersion", "POST", "/{keyVersion}/encrypt", "encrypt/action", "read", encrypt),
    row("decrypt", "POST", "/decrypt", "decrypt/action", "read", decrypt),
    row("decryptWithVersion", "POST", "/{keyVersion}/decrypt", "decrypt/action", "read", decrypt),
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

function ok(json: unknown): Answer {
  return { status: 200, headers: { "cache-control": "no-cache" }, json };
}
