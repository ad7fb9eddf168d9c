import { randomUUID } from "node:crypto";
import { Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";
import type { VaultKeyRecord, VaultKeyVersion } from "../state/records";
import { checkVaultName, epochSeconds } from "./vaultSecrets";

/** A key in one of its versions. */
interface FoundVaultKey {
  readonly key: VaultKeyRecord;
  readonly version: VaultKeyVersion;
}

function vaultKeyId(vaultId: string, name: string): string {
  return `${vaultId}/keys/${name}`.toLowerCase();
}

/** Adds a version, which becomes the current one; earlier versions stay usable. @throws Refusal when the name is none */
export function addVaultKeyVersion(
  directory: Directory,
  vaultId: string,
  name: string,
  sealedKey: string,
  context: { readonly now: Date },
): FoundVaultKey {
  checkVaultName(name);
  const id = vaultKeyId(vaultId, name);
  const before = directory.vaultKeys.get(id);
  const version: VaultKeyVersion = {
    version: randomUUID().replaceAll("-", ""),
    sealedKey,
    created: epochSeconds(context.now),
  };
  const key = directory.vaultKeys.put({
    id,
    name: before?.name ?? name,
    vaultId,
    versions: [...(before?.versions ?? []), version],
  });
  return { key, version };
}

/** A version of a key. @throws Refusal in Key Vault's words */
export function getVaultKeyVersion(
  directory: Directory,
  vaultId: string,
  name: string,
  version: string,
): FoundVaultKey {
  const key = directory.vaultKeys.get(vaultKeyId(vaultId, name));
  const found = key?.versions.find((candidate) => candidate.version === version);
  if (key === undefined || found === undefined) {
    throw new Refusal({
      kind: "notFound",
      code: "KeyNotFound",
      message:
        `A key with (name/id) ${name}/${version} was not found in this key vault. If you recently ` +
        "deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please " +
        "see https://go.microsoft.com/fwlink/?linkid=2125182",
    });
  }
  return { key, version: found };
}
