import * as pulumi from "@pulumi/pulumi";
import * as keyvault from "@pulumi/azure-native/keyvault";
import { creationHooks } from "./clientHooks";
import type { DeclaredSecrets } from "./clientCredentials";
import type { ClientParts } from "./clientParts";
import { defaultLifetimeDays, endsAtOf, type SecretSchedule } from "./secretSchedule";
import { assertStandsFor, formerly, spelledFreely } from "./sameObject";
import { parseVaultId, vaultContentType, vaultSecretKey, vaultTags, type SecretVault } from "./vault";

/**
 * Writes the current secret into a key vault. A rotation adds a version; the version before stays readable for consumers that
 * still use it. Writing it takes rights on the vault's management (Contributor), deleting it the role Key Vault Secrets Officer,
 * because the provider deletes it at the vault itself.
 */
export function declareVaultSecret(
  parts: ClientParts,
  vault: SecretVault,
  schedule: SecretSchedule,
  { plan, current }: DeclaredSecrets,
): void {
  const id = parseVaultId(vault.id);
  if (!id) {
    throw new RangeError(`${JSON.stringify(vault.id)} is not the resource id of a key vault`);
  }
  const formerName = `${parts.name}-vault`;
  const childName = `${formerName}-${vaultSecretKey(id, vault.secretName)}`;
  const secret = new keyvault.Secret(
    childName,
    {
      resourceGroupName: id.resourceGroup,
      vaultName: id.vaultName,
      secretName: vault.secretName,
      properties: {
        value: pulumi.secret(current.value),
        contentType: vaultContentType,
        attributes: { enabled: true, expires: endsAtOf(plan.current) },
      },
      tags: pulumi
        .all([current.keyId, parts.application.objectId])
        .apply(([keyId, objectId]) =>
          vaultTags(schedule.lifetimeDays ?? defaultLifetimeDays, keyId, objectId),
        ),
    },
    {
      parent: parts.component,
      protect: parts.protect,
      ...creationHooks(),
      ...formerly(childName, formerName),
      ...spelledFreely("resourceGroupName", "vaultName", "secretName"),
    },
  );
  const path = `/vaults/${id.vaultName}/secrets/${vault.secretName}`;
  assertStandsFor(
    secret,
    formerName,
    secret.id,
    (actual) => !actual.includes("/secrets/") || actual.toLowerCase().endsWith(path.toLowerCase()),
    `the secret ${path}`,
  );
}
