import { param, type Answer, type Input } from "../../core/request";
import { bindOperations, type Authorization, type Surface } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import { allowing } from "../../domain/azureAccess";
import {
  epochSeconds,
  getDeletedVaultSecret,
  getVaultSecret,
  vaultSecretVersion,
} from "../../domain/vaultSecrets";
import type { Directory } from "../../state/directory";
import type { ResourceRecord, VaultSecretRecord, VaultSecretVersion } from "../../state/records";
import { callerLabel, type Caller } from "../caller";
import { dataPlaneCaller } from "../dataPlaneAuthorization";
import { vaultUri } from "../dataPlaneAddresses";
import { renderPlainRefusal } from "../plainRenderer";
import type { Services } from "../services";
import { keyOperations, ok } from "./keyOperations";
import type { VaultAction, VaultOperation } from "./vaultOperation";

type SecretAction = "getSecret/action" | "readMetadata/action" | "delete" | "purge/action" | "recover/action";

const audience = "https://vault.azure.net";
const day = 24 * 60 * 60;
/** Days for which a deleted secret can be recovered. */
const retentionDays = 90;

/** Reading and deleting secrets, making and using keys at the vault itself. */
export function keyVaultSurface(services: Services): Surface<Directory> {
  return {
    name: "keyVault",
    operations: bindOperations(
      vaultAuthorization(services),
      [...secretOperations(services), ...keyOperations(services, getVault)],
      { query: ["api-version"] },
    ),
    owns: (path) => path.startsWith("/vault/"),
    render: renderPlainRefusal,
  };
}

function vaultAuthorization(services: Services): Authorization<Directory, VaultAction, Caller> {
  return {
    async admit(access, directory, input) {
      const authority = `${input.base}/${services.profile.tenantId}`;
      const challenge = `Bearer authorization="${authority}", resource="${audience}"`;
      const caller = await dataPlaneCaller(services, input, [audience, `${audience}/`], {
        without: challenge,
        invalid: (description) => `${challenge}, error="invalid_token", error_description="${description}"`,
      });
      const vault = getVault(directory, input);
      const { secretName, keyName } = input.params;
      const scope =
        secretName !== undefined
          ? `${vault.id}/secrets/${secretName}`
          : keyName !== undefined
            ? `${vault.id}/keys/${keyName}`
            : vault.id;
      const action = `Microsoft.KeyVault/vaults/${access}`;
      if (allowing(directory, caller.objectId, "dataActions", action, scope).length === 0) {
        throw new Refusal({
          kind: "forbidden",
          message:
            "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were " +
            `changed recently, please observe propagation time.\r\nCaller: appid=${caller.appId};oid=${caller.objectId}\r\n` +
            `Action: '${action}'\r\nResource: '${scope}'\r\nAssignment: (not found)`,
          why: `${callerLabel(caller)} lacks an Azure role with ${action} at ${scope}`,
        });
      }
      return caller;
    },
    label: callerLabel,
  };
}

function secretOperations(services: Services): readonly VaultOperation[] {
  const row = (
    id: string,
    method: VaultOperation["method"],
    path: string,
    access: SecretAction,
    effect: "read" | "write",
    handle: (directory: Directory, input: Input) => Answer,
  ): VaultOperation => ({
    id: `keyVault.${id}`,
    method,
    path: `/vault/{vaultName}${path}`,
    access: `secrets/${access}`,
    effect,
    conceals: ["value"],
    handle,
  });
  const find = (directory: Directory, input: Input): VaultSecretRecord =>
    getVaultSecret(directory, getVault(directory, input).id, param(input, "secretName"));
  const findDeleted = (directory: Directory, input: Input): VaultSecretRecord =>
    getDeletedVaultSecret(directory, getVault(directory, input).id, param(input, "secretName"));
  const read = (directory: Directory, input: Input): Answer => {
    const secret = find(directory, input);
    const version = vaultSecretVersion(secret, input.params.secretVersion);
    if (!version.enabled) {
      throw new Refusal({
        kind: "forbidden",
        message: "Operation get is not allowed on a disabled secret.",
      });
    }
    return ok({
      value: services.encryption.decrypt(version.sealedValue),
      ...bundle(directory, input, secret, version),
    });
  };
  return [
    row("secrets.list", "GET", "/secrets", "readMetadata/action", "read", (directory, input) => {
      const vault = getVault(directory, input);
      const found = directory.vaultSecrets
        .all()
        .filter((one) => one.vaultId === vault.id && one.deleted === null);
      return ok({ value: found.map((secret) => item(directory, input, secret)), nextLink: null });
    }),
    row("secrets.get", "GET", "/secrets/{secretName}", "getSecret/action", "read", read),
    row(
      "secrets.getVersion",
      "GET",
      "/secrets/{secretName}/{secretVersion}",
      "getSecret/action",
      "read",
      read,
    ),
    row("secrets.delete", "DELETE", "/secrets/{secretName}", "delete", "write", (directory, input) => {
      const secret = directory.vaultSecrets.put({
        ...find(directory, input),
        deleted: epochSeconds(input.now),
      });
      return ok(deletedBundle(directory, input, secret));
    }),
    row(
      "deletedSecrets.get",
      "GET",
      "/deletedsecrets/{secretName}",
      "readMetadata/action",
      "read",
      (directory, input) => ok(deletedBundle(directory, input, findDeleted(directory, input))),
    ),
    row(
      "deletedSecrets.purge",
      "DELETE",
      "/deletedsecrets/{secretName}",
      "purge/action",
      "write",
      (directory, input) => {
        const secret = findDeleted(directory, input);
        if (isPurgeProtected(directory, secret)) throw purgeRefused;
        directory.vaultSecrets.delete(secret.id);
        return { status: 204 };
      },
    ),
    row(
      "deletedSecrets.recover",
      "POST",
      "/deletedsecrets/{secretName}/recover",
      "recover/action",
      "write",
      (directory, input) => {
        const secret = directory.vaultSecrets.put({ ...findDeleted(directory, input), deleted: null });
        return ok(bundle(directory, input, secret, vaultSecretVersion(secret, undefined)));
      },
    ),
  ];
}

function getVault(directory: Directory, input: Input): ResourceRecord {
  const name = param(input, "vaultName").toLowerCase();
  const vault = directory.resources
    .all()
    .find(
      (resource) => resource.type === "Microsoft.KeyVault/vaults" && resource.name.toLowerCase() === name,
    );
  if (vault === undefined) {
    throw new Refusal({ kind: "notFound", code: "VaultNotFound", message: `There is no key vault ${name}.` });
  }
  return vault;
}

function isPurgeProtected(directory: Directory, { vaultId }: VaultSecretRecord): boolean {
  return directory.resources.get(vaultId)?.properties["enablePurgeProtection"] === true;
}

/** Source: https://github.com/microsoft/AzureTRE/issues/1951 */
const purgeRefused = new Refusal({
  kind: "forbidden",
  message:
    'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge ' +
    "it after the retention period has passed.",
});

function secretUri(input: Input, secret: VaultSecretRecord): string {
  return `${vaultUri(input.base, param(input, "vaultName").toLowerCase())}secrets/${secret.name}`;
}

function item(directory: Directory, input: Input, secret: VaultSecretRecord): object {
  return {
    ...bundle(directory, input, secret, vaultSecretVersion(secret, undefined)),
    id: secretUri(input, secret),
  };
}

function bundle(
  directory: Directory,
  input: Input,
  secret: VaultSecretRecord,
  version: VaultSecretVersion,
): object {
  return {
    id: `${secretUri(input, secret)}/${version.version}`,
    ...(version.contentType === null ? {} : { contentType: version.contentType }),
    attributes: {
      enabled: version.enabled,
      ...(version.notBefore === null ? {} : { nbf: version.notBefore }),
      ...(version.expires === null ? {} : { exp: version.expires }),
      created: version.created,
      updated: version.updated,
      recoveryLevel: isPurgeProtected(directory, secret) ? "Recoverable" : "Recoverable+Purgeable",
      recoverableDays: retentionDays,
    },
    tags: version.tags,
  };
}

function deletedBundle(directory: Directory, input: Input, secret: VaultSecretRecord): object {
  const deletedDate = secret.deleted ?? 0;
  return {
    recoveryId: `${vaultUri(input.base, param(input, "vaultName").toLowerCase())}deletedsecrets/${secret.name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + retentionDays * day,
    ...bundle(directory, input, secret, vaultSecretVersion(secret, undefined)),
  };
}
