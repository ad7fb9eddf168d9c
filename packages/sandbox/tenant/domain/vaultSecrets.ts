import { randomUUID } from "node:crypto";
import { Refusal } from "../core/refusal";
import type { Directory } from "../state/directory";
import type { VaultSecretRecord, VaultSecretVersion } from "../state/records";

/** What a caller says about a new version of a secret. */
export type VaultSecretRequest = Omit<VaultSecretVersion, "version" | "created" | "updated">;

/** Seconds since 1970, as Key Vault writes times. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** @throws Refusal when secrets and keys cannot have this name */
export function checkVaultName(name: string): void {
  if (/^[0-9A-Za-z-]{1,127}$/.test(name)) return;
  throw refuse("badRequest", "BadParameter", `The request URI contains an invalid name: ${name}`);
}

function vaultSecretKey(vaultId: string, name: string): string {
  return `${vaultId}/secrets/${name}`.toLowerCase();
}

/** Adds a version, which becomes the current one; earlier versions stay readable. */
export function addVaultSecretVersion(
  directory: Directory,
  vaultId: string,
  name: string,
  request: VaultSecretRequest,
  context: { readonly now: Date },
): { secret: VaultSecretRecord; created: boolean } {
  checkVaultName(name);
  const id = vaultSecretKey(vaultId, name);
  const before = directory.vaultSecrets.get(id);
  if (before !== undefined && before.deleted !== null) {
    throw refuse(
      "conflict",
      "Conflict",
      `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret ` +
        "can only be recovered or purged.",
    );
  }
  const now = epochSeconds(context.now);
  const version: VaultSecretVersion = {
    version: randomUUID().replaceAll("-", ""),
    ...request,
    created: now,
    updated: now,
  };
  const secret = directory.vaultSecrets.put({
    id,
    name: before?.name ?? name,
    vaultId,
    versions: [...(before?.versions ?? []), version],
    deleted: null,
  });
  return { secret, created: before === undefined };
}

/** A secret that is not deleted. @throws Refusal in Key Vault's words */
export function getVaultSecret(directory: Directory, vaultId: string, name: string): VaultSecretRecord {
  const secret = directory.vaultSecrets.get(vaultSecretKey(vaultId, name));
  if (secret === undefined || secret.deleted !== null) throw secretNotFound(name);
  return secret;
}

/** A deleted secret that can be recovered. */
export function getDeletedVaultSecret(
  directory: Directory,
  vaultId: string,
  name: string,
): VaultSecretRecord {
  const secret = directory.vaultSecrets.get(vaultSecretKey(vaultId, name));
  if (secret === undefined || secret.deleted === null) {
    throw refuse("notFound", "SecretNotFound", `Deleted Secret not found: ${name}`);
  }
  return secret;
}

/** The version asked for, or the newest. */
export function vaultSecretVersion(
  secret: VaultSecretRecord,
  version: string | undefined,
): VaultSecretVersion {
  const found =
    version === undefined
      ? secret.versions.at(-1)
      : secret.versions.find((candidate) => candidate.version === version);
  if (found === undefined) throw secretNotFound(`${secret.name}/${version ?? ""}`);
  return found;
}

function secretNotFound(name: string): Refusal {
  return refuse(
    "notFound",
    "SecretNotFound",
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover ` +
      "it using the correct recovery command. For help resolving this issue, please see " +
      "https://go.microsoft.com/fwlink/?linkid=2125182",
  );
}

function refuse(kind: "badRequest" | "conflict" | "notFound", code: string, message: string): Refusal {
  return new Refusal({ kind, code, message });
}
